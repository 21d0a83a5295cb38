import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { TlsFacts } from '../transcript/transcript.ts';
import type { TlsTrouble } from './behaviour.ts';

/** What a host knows of a client's TLS. It asks for no certificate, and does not learn whether its own is trusted. */
export function tlsFactsOf(socket: Socket): TlsFacts {
  const secured = socket as TLSSocket;
  return { protocol: secured.getProtocol() ?? 'TLS', cipher: secured.getCipher().name };
}

/** Does something else with a ClientHello than to answer it. */
export function botchHandshake(
  socket: Socket,
  how: NonNullable<TlsTrouble['handshake']>,
  connection: { close(): void; reset(): void },
): void {
  socket.resume();
  if (how === 'silence') return;
  socket.once('data', () => {
    if (how === 'garbage') socket.write('this is not a TLS record\r\n');
    else if (how === 'close') connection.close();
    else connection.reset();
  });
}
