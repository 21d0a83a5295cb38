import type { X509Certificate } from 'node:crypto';
import { isIP, type Socket } from 'node:net';
import tls from 'node:tls';
import type { CertificateFacts } from '../transcript/ending.ts';
import type { TlsFacts } from '../transcript/transcript.ts';

/** What TLS is asked to prove. */
export interface TlsPolicy {
  /** The name that the certificate should be for, and that is sent as SNI. An IP address is checked but not sent. */
  readonly name: string;
  /** Certificate authorities in PEM to trust instead of the well-known ones. */
  readonly ca?: string | readonly string[];
  /** Fail when the certificate does not prove the name. Otherwise that is only recorded: RFC 7435. */
  readonly verify?: boolean;
}

export interface TlsFailure {
  readonly kind: 'tls-failed';
  readonly code: string;
  readonly why: string;
  readonly certificate?: CertificateFacts;
}

export interface Handshake {
  readonly socket: tls.TLSSocket;
  /** Never rejects. */
  readonly done: Promise<TlsFacts | TlsFailure>;
}

/** Lays TLS over a connected socket. TLS 1.2 or later, as Node has it: RFC 8996. */
export function startHandshake(raw: Socket, policy: TlsPolicy): Handshake {
  const socket = tls.connect({
    socket: raw,
    host: policy.name,
    rejectUnauthorized: false,
    secureContext: contextFor(policy.ca),
    ...(isIP(policy.name) ? {} : { servername: policy.name }), // RFC 6066 3 allows names only
  });
  const done = new Promise<TlsFacts | TlsFailure>((resolve) => {
    socket.once('secureConnect', () => resolve(judged(factsOf(socket), policy)));
    socket.on('error', (error) => resolve(failureOf(error)));
    socket.once('close', () => resolve(failureOf(undefined)));
  });
  return { socket, done };
}

/** The latest few, by their authorities: reading the well-known ones takes longer than a session. */
const contexts = new Map<string, tls.SecureContext>();
const mostContexts = 16;

function contextFor(ca: TlsPolicy['ca']): tls.SecureContext {
  const key = [ca ?? 'well-known'].flat().join('\n');
  const known = contexts.get(key);
  if (known) return known;
  const context = tls.createSecureContext(ca === undefined ? {} : { ca: [ca].flat() });
  const [oldest] = contexts.keys();
  if (contexts.size >= mostContexts && oldest !== undefined) contexts.delete(oldest);
  contexts.set(key, context);
  return context;
}

function judged(facts: TlsFacts, { verify }: TlsPolicy): TlsFacts | TlsFailure {
  if (!verify || facts.trusted) return facts;
  const { why = 'UNTRUSTED', certificate } = facts;
  return {
    kind: 'tls-failed',
    code: why,
    why: `the certificate does not prove the name (${why})`,
    ...(certificate ? { certificate } : {}),
  };
}

function failureOf(error: (NodeJS.ErrnoException & { reason?: string }) | undefined): TlsFailure {
  const code = error?.code ?? 'EOF';
  // Node says ECONNRESET for a FIN as well; only a real RST comes from a system call.
  if (code === 'EOF' || (code === 'ECONNRESET' && error?.syscall === undefined)) {
    return { kind: 'tls-failed', code: 'EOF', why: 'the host closed the connection during the handshake' };
  }
  if (code === 'ECONNRESET' || code === 'EPIPE') {
    return { kind: 'tls-failed', code, why: 'the host reset the connection during the handshake' };
  }
  return { kind: 'tls-failed', code, why: error?.reason ?? error?.message ?? code };
}

function factsOf(socket: tls.TLSSocket): TlsFacts {
  const certificate = socket.getPeerX509Certificate();
  const fault = socket.authorized ? weaknessOf(certificate) : `${socket.authorizationError}`;
  const { name, standardName } = socket.getCipher() as tls.CipherNameAndProtocol & { standardName?: string };
  return {
    protocol: socket.getProtocol() ?? 'unknown',
    cipher: standardName ?? name,
    trusted: fault === undefined,
    ...(fault === undefined ? {} : { why: fault }),
    ...(certificate ? { certificate: certificateFacts(certificate) } : {}),
  };
}

/** RSA keys shorter than this have less than the 112 bits of OpenSSL's security level 2. SSL_CTX_set_security_level(3) */
const shortestKey = 2_048;

/** Node checks at level 1; the OpenSSL of Debian, Ubuntu and Fedora at level 2, and names it like this. */
function weaknessOf(certificate: X509Certificate | undefined): string | undefined {
  const { modulusLength = shortestKey } = certificate?.publicKey.asymmetricKeyDetails ?? {};
  return modulusLength < shortestKey ? 'EE_KEY_TOO_SMALL' : undefined;
}

/** Names are the other side's to choose: no more of them than can be read. */
const longestName = 512;

function certificateFacts(certificate: X509Certificate): CertificateFacts {
  const name = (text: string | undefined): string =>
    (text ?? '').replaceAll('\n', ', ').slice(0, longestName);
  return {
    subject: name(certificate.subject),
    issuer: name(certificate.issuer),
    altNames: name(certificate.subjectAltName),
    validFrom: isoDate(certificate.validFrom),
    validTo: isoDate(certificate.validTo),
  };
}

function isoDate(text: string): string {
  const date = new Date(text);
  return Number.isNaN(date.getTime()) ? text : date.toISOString();
}
