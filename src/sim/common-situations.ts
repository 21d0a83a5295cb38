import type { z } from 'zod';
import { tlsFault } from './behaviours/tls-fault.ts';
import type { ProviderProfile, Situation } from './profile.ts';

/** A situation of every provider: what goes wrong is not the provider's own, so it needs no source. */
function troubled(about: string, fault: z.input<typeof tlsFault.options>): Situation {
  const behaviours = [{ 'tls-fault': tlsFault.options.parse(fault) }];
  return { about, behaviours: behaviours as unknown as Situation['behaviours'] }; // a catalogue's entries have no types of their own
}

/** The only list: trouble with TLS that every provider can be put in. A profile's own situation of the same name wins. */
export const commonSituations: Readonly<Record<string, Situation>> = {
  'certificate-expired': troubled('The certificate is out of date.', { certificate: 'expired' }),
  'certificate-not-yet-valid': troubled('The certificate is for later.', { certificate: 'not-yet-valid' }),
  'certificate-wrong-name': troubled('The certificate is for another host.', { certificate: 'wrong-name' }),
  'certificate-self-signed': troubled('Nobody vouches for the certificate.', { certificate: 'self-signed' }),
  'certificate-no-chain': troubled(
    'The certificate was signed by an authority in between, whose own certificate the host does not send.',
    { certificate: 'no-chain' },
  ),
  'certificate-weak-key': troubled(
    'The key is RSA with 1024 bits: OpenSSL refuses it at security level 2, which Debian, Ubuntu and Fedora ask for.',
    { certificate: 'weak-key' },
  ),
  'tls-1.0-only': troubled('Speaks TLS 1.0 and nothing newer, which clients have given up (RFC 8996).', {
    version: '1.0',
  }),
  'handshake-closed': troubled('Closes the connection when the client begins with TLS.', {
    handshake: 'close',
  }),
  'handshake-reset': troubled('Resets the connection when the client begins with TLS.', {
    handshake: 'reset',
  }),
  'handshake-cut-short': troubled(
    'Closes the connection in the middle of the handshake, behind the first bytes of its own half.',
    { handshake: 'close', 'after-bytes': 60 },
  ),
  'handshake-reset-midway': troubled(
    'Resets the connection in the middle of the handshake, behind the first bytes of its own half.',
    { handshake: 'reset', 'after-bytes': 60 },
  ),
  'handshake-silent': troubled('Never answers when the client begins with TLS.', { handshake: 'silence' }),
  'handshake-garbage': troubled('Answers something that is not TLS when the client begins with it.', {
    handshake: 'garbage',
  }),
};

/** A situation by its name; `undefined` where the provider has none of that name. */
export function situationOf({ situations }: ProviderProfile, name: string): Situation | undefined {
  return [situations, commonSituations].find((known) => Object.hasOwn(known, name))?.[name];
}

/** The profile's own first. */
export function situationNames({ situations }: ProviderProfile): readonly string[] {
  return [...new Set([...Object.keys(situations), ...Object.keys(commonSituations)])];
}
