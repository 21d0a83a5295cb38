import type { HostSurroundings } from './host-setup.ts';
import { randomText } from './template.ts';

/** What CRAM-MD5 asks a client to prove itself by, from the host's own clock and chance. RFC 2195 2 */
export function saslChallenge({ name, clock, random }: HostSurroundings): string {
  return `<${randomText('hex:32', random)}.${Math.floor(clock.now() / 1_000)}@${name}>`;
}
