import type { Socket } from 'node:net';
import { Duplex } from 'node:stream';
import tls, { type SecureContext, type SecureVersion, type TLSSocket } from 'node:tls';
import type { TlsFacts } from '../transcript/transcript.ts';
import type { HandshakeFault, TlsTrouble } from './behaviour.ts';

/** What a host knows of a client's TLS. It asks for no certificate, and does not learn whether its own is trusted. */
export function tlsFactsOf(socket: Socket): TlsFacts {
  const secured = socket as TLSSocket;
  return { protocol: secured.getProtocol() ?? 'TLS', cipher: secured.getCipher().name };
}

/** What comes at the beginning of a TLS record that holds a handshake, of SSL 3 to TLS 1.3. RFC 8446 5.1 */
export function isClientHello(bytes: Buffer): boolean {
  return bytes[0] === 0x16 && bytes[1] === 0x03 && (bytes[2] ?? 0) <= 4;
}

/** A certificate with its key, and the versions that the host speaks: 1.2 and 1.3 unless there is trouble. */
export async function secureContextFor(
  names: readonly string[],
  { certificate, version }: TlsTrouble,
): Promise<SecureContext> {
  const { certificateFor } = await import('./certificates.ts'); // costs 100 ms that hosts without TLS need not pay
  const pair = await certificateFor(names, certificate ?? 'good');
  const dated = version === '1.0' || version === '1.1' || certificate === 'weak-key';
  const only = `TLSv${version?.replace('1.0', '1')}` as SecureVersion;
  return tls.createSecureContext({
    ...pair,
    ...(version ? { minVersion: only, maxVersion: only } : { minVersion: 'TLSv1.2' }),
    ...(dated ? { ciphers: 'DEFAULT:@SECLEVEL=0' } : {}), // above that, OpenSSL 3 speaks no TLS 1.0 and takes no short key
  });
}

/** Calls back with the first bytes that a client sends, which stay unread, or without any when it has sent its FIN. */
export function whenFirstHeard(socket: Socket, heard: (bytes: Buffer | undefined) => void): void {
  const done = (bytes?: Buffer): void => {
    socket.off('readable', look).off('end', end);
    heard(bytes);
  };
  const end = (): void => done();
  const look = (): void => {
    const bytes: Buffer | null = socket.read();
    if (bytes === null) return;
    socket.unshift(bytes);
    done(bytes);
  };
  socket.on('readable', look).once('end', end);
}

interface HangUp {
  close(): void;
  reset(): void;
}

/** Does something else with a ClientHello than to answer it, or breaks off in the middle of the answer. */
export function botchHandshake(
  socket: Socket,
  { how, afterBytes }: HandshakeFault,
  context: SecureContext,
  connection: HangUp,
): void {
  const then = (): void => {
    if (how === 'garbage') socket.write('this is not a TLS record\r\n');
    else if (how !== 'silence') connection[how]();
  };
  if (afterBytes === undefined) socket.once('data', then);
  else answerInPart(socket, { afterBytes, then }, context);
  socket.resume();
}

/** The server's half of a handshake, as far as it goes. */
function answerInPart(
  socket: Socket,
  { afterBytes, then }: { readonly afterBytes: number; readonly then: () => void },
  secureContext: SecureContext,
): void {
  let left = afterBytes;
  const wire = new Duplex({
    read() {},
    write(bytes: Buffer, _encoding, done) {
      const part = bytes.subarray(0, left);
      const last = part.length > 0 && part.length === left;
      left -= part.length;
      if (part.length > 0) socket.write(part, () => last && then());
      done();
    },
  });
  new tls.TLSSocket(wire, { isServer: true, secureContext }).on('error', () => {});
  socket.on('data', (bytes: Buffer) => wire.push(bytes)).once('close', () => wire.destroy());
}
