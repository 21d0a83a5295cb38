import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

/** A certificate by what is the matter with it. */
export type CertificateKind = 'good' | 'expired' | 'not-yet-valid' | 'wrong-name' | 'self-signed';

/** PEM texts, ready for node:tls. */
export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Fixed dates, so that two runs show the same ones. */
const validity: Record<CertificateKind, readonly [string, string]> = {
  good: ['2020-01-01', '2049-12-31'],
  'wrong-name': ['2020-01-01', '2049-12-31'],
  'self-signed': ['2020-01-01', '2049-12-31'],
  expired: ['2020-01-01', '2021-01-01'],
  'not-yet-valid': ['2048-01-01', '2049-12-31'],
};

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
    const keys = await newKeys();
    const root = await x509.X509CertificateGenerator.createSelfSigned({
      name: 'CN=mxlab test CA',
      keys,
      serialNumber: '01',
      ...dates('good'),
      signingAlgorithm: algorithm,
      extensions: [new x509.BasicConstraintsExtension(true, 0, true)],
    });
    return new CertificateAuthority(root, keys);
  }

  async issue(host: string, kind: CertificateKind): Promise<KeyPair> {
    const keys = await newKeys();
    const name = kind === 'wrong-name' ? 'another-host.example' : host;
    const subject = `CN=${name.slice(0, 64)}`;
    const shared = {
      ...dates(kind),
      signingAlgorithm: algorithm,
      serialNumber: (++this.#serial).toString(16).padStart(4, '0'),
      extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: name }])],
    };
    const certificate =
      kind === 'self-signed'
        ? await x509.X509CertificateGenerator.createSelfSigned({ ...shared, name: subject, keys })
        : await x509.X509CertificateGenerator.create({
            ...shared,
            subject,
            issuer: this.root.subject,
            publicKey: keys.publicKey,
            signingKey: this.#keys.privateKey,
          });
    const key = x509.PemConverter.encode(
      await webcrypto.subtle.exportKey('pkcs8', keys.privateKey),
      'PRIVATE KEY',
    );
    return { key, cert: `${certificate.toString('pem')}\n${this.root.toString('pem')}` };
  }
}

let authority: Promise<CertificateAuthority> | undefined;
const issued = new Map<string, Promise<KeyPair>>();

/** A certificate for a host, made when first asked for. */
export function certificateFor(host: string, kind: CertificateKind): Promise<KeyPair> {
  const name = `${kind} ${host}`;
  let pair = issued.get(name);
  if (!pair) {
    authority ??= CertificateAuthority.create();
    pair = authority.then((ca) => ca.issue(host, kind));
    issued.set(name, pair);
  }
  return pair;
}

/** The lab's root certificate as PEM, for clients that want to verify. */
export async function labRoot(): Promise<string> {
  authority ??= CertificateAuthority.create();
  return (await authority).root.toString('pem');
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, [
    'sign',
    'verify',
  ]) as Promise<webcrypto.CryptoKeyPair>;
}

function dates(kind: CertificateKind): { notBefore: Date; notAfter: Date } {
  const [from, to] = validity[kind];
  return { notBefore: new Date(from), notAfter: new Date(to) };
}
