import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import * as x509 from '@peculiar/x509';
import type { CertificateFault } from './behaviour.ts';

/** A certificate by what is the matter with it. */
export type CertificateKind = 'good' | CertificateFault;

/** PEM texts, ready for node:tls. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Below the 112 bits of OpenSSL's security level 2, which Debian, Ubuntu and Fedora ask for. SSL_CTX_set_security_level(3) */
const weakAlgorithm = {
  name: 'RSASSA-PKCS1-v1_5',
  modulusLength: 1024,
  publicExponent: new Uint8Array([1, 0, 1]),
  hash: 'SHA-256',
} as const;

/** Fixed dates, so that two runs show the same ones. */
const usualValidity = ['2020-01-01', '2049-12-31'] as const;
const oddValidity: Partial<Record<CertificateKind, readonly [string, string]>> = {
  expired: ['2020-01-01', '2021-01-01'],
  'not-yet-valid': ['2048-01-01', '2049-12-31'],
};

/** What an authority's certificate may be used for; strict clients, as Python 3.13 is one, want it said. RFC 5280 4.2.1.3 */
const signs = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
const serves = '1.3.6.1.5.5.7.3.1'; // id-kp-serverAuth, RFC 5280 4.2.1.12

/**
 * A certificate authority that lives as long as the process. Its key never leaves memory, so that nobody can be
 * talked into trusting a published one.
 */
class CertificateAuthority {
  readonly root: x509.X509Certificate;
  readonly #keys: webcrypto.CryptoKeyPair;
  #serial = 1;

  constructor(root: x509.X509Certificate, keys: webcrypto.CryptoKeyPair) {
    this.root = root;
    this.#keys = keys;
  }

  static async create(): Promise<CertificateAuthority> {
    const keys = await newKeys(algorithm);
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=mxlab test CA',
      keys,
      serialNumber: '01',
      ...dates('good'),
      signingAlgorithm: algorithm,
      extensions: await extensionsOfAuthority(keys.publicKey, keys.publicKey),
    });
    return new CertificateAuthority(root, keys);
  }

  /** `names` are host names and IP addresses, the first of them the host's own. */
  async issue(names: readonly string[], kind: CertificateKind): Promise<KeyPair> {
    const shown = kind === 'wrong-name' ? ['another-host.example'] : names;
    const keys = await newKeys(kind === 'weak-key' ? weakAlgorithm : algorithm);
    const subject = `CN=${(shown[0] ?? '').slice(0, 64)}`;
    if (kind === 'self-signed') {
      const certificate = await x509.X509CertificateGenerator.createSelfSigned({
        ...this.#shared(kind),
        name: subject,
        keys,
        extensions: await extensionsOfHost(shown, keys.publicKey, keys.publicKey),
      });
      return { key: await pemOf(keys), cert: `${certificate.toString('pem')}\n` };
    }
    const signer =
      kind === 'no-chain' ? await this.#inBetween() : { name: this.root.subject, keys: this.#keys };
    const certificate = await x509.X509CertificateGenerator.create({
      ...this.#shared(kind),
      subject,
      issuer: signer.name,
      publicKey: keys.publicKey,
      signingKey: signer.keys.privateKey,
      extensions: await extensionsOfHost(shown, keys.publicKey, signer.keys.publicKey),
    });
    const chain = kind === 'no-chain' ? '' : `${this.root.toString('pem')}\n`;
    return { key: await pemOf(keys), cert: `${certificate.toString('pem')}\n${chain}` };
  }

  /** An authority below the root, whose certificate no host ever sends. */
  async #inBetween(): Promise<{ readonly name: string; readonly keys: webcrypto.CryptoKeyPair }> {
    return { name: 'CN=mxlab intermediate CA', keys: await newKeys(algorithm) };
  }

  #shared(kind: CertificateKind): {
    serialNumber: string;
    signingAlgorithm: typeof algorithm;
    notBefore: Date;
    notAfter: Date;
  } {
    const serialNumber = (++this.#serial).toString(16).padStart(4, '0');
    return { serialNumber, signingAlgorithm: algorithm, ...dates(kind) };
  }
}

let authority: Promise<CertificateAuthority> | undefined;
const issued = new Map<string, Promise<KeyPair>>();

/** A certificate for a host, by its names and addresses; made when first asked for. */
export function certificateFor(names: string | readonly string[], kind: CertificateKind): Promise<KeyPair> {
  const all = [names].flat();
  const name = `${kind} ${all.join(' ')}`;
  let pair = issued.get(name);
  if (!pair) {
    authority ??= CertificateAuthority.create();
    pair = authority.then((ca) => ca.issue(all, kind));
    issued.set(name, pair);
  }
  return pair;
}

/** The lab's root certificate as PEM, for clients that want to verify. */
export async function labRoot(): Promise<string> {
  authority ??= CertificateAuthority.create();
  return `${(await authority).root.toString('pem')}\n`;
}

async function extensionsOfAuthority(
  own: webcrypto.CryptoKey,
  signer: webcrypto.CryptoKey,
): Promise<x509.Extension[]> {
  return [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(signs, true),
    await x509.SubjectKeyIdentifierExtension.create(own),
    await x509.AuthorityKeyIdentifierExtension.create(signer),
  ];
}

async function extensionsOfHost(
  names: readonly string[],
  own: webcrypto.CryptoKey,
  signer: webcrypto.CryptoKey,
): Promise<x509.Extension[]> {
  const alternatives = names.map((value) => ({ type: isIP(value) ? 'ip' : 'dns', value }) as const);
  return [
    new x509.SubjectAlternativeNameExtension(alternatives),
    new x509.ExtendedKeyUsageExtension([serves]),
    await x509.SubjectKeyIdentifierExtension.create(own),
    await x509.AuthorityKeyIdentifierExtension.create(signer),
  ];
}

function newKeys(by: typeof algorithm | typeof weakAlgorithm): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(by, true, ['sign', 'verify']) as Promise<webcrypto.CryptoKeyPair>;
}

async function pemOf({ privateKey }: webcrypto.CryptoKeyPair): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');
}

function dates(kind: CertificateKind): { notBefore: Date; notAfter: Date } {
  const [from, to] = oddValidity[kind] ?? usualValidity;
  return { notBefore: new Date(from), notAfter: new Date(to) };
}
