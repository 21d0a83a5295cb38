import dgram from 'node:dgram';
import net from 'node:net';
import { answerTo } from './dns-answer.ts';
import type { Resolver } from './resolver.ts';

/** A client that holds a TCP connection open without asking is let go, in ms. RFC 7766 6.2.3 */
const patience = 10_000;
/** So many questions of one TCP connection may wait for their answers. */
const mostWaiting = 100;
/** A port that is free for TCP may be taken for UDP: so many free ports are tried. */
const mostTries = 10;

/** A name server that answers from a resolver, over UDP and TCP on one port. */
export interface NameServer {
  readonly address: string;
  readonly port: number;
  close(): Promise<void>;
}

/** Starts a name server. `port` 0 is a free one. Rejects with the system's error, such as EADDRINUSE. */
export async function startNameServer(
  resolver: Resolver,
  { address = '127.0.0.1', port = 0 }: { readonly address?: string; readonly port?: number } = {},
): Promise<NameServer> {
  for (let tries = 1; ; tries++) {
    const streams = await listenForStreams(resolver, address, port);
    const bound = (streams.server.address() as net.AddressInfo).port;
    try {
      const datagrams = await listenForDatagrams(resolver, address, bound);
      const close = async (): Promise<void> => {
        await Promise.all([
          streams.close(),
          new Promise<void>((resolve) => datagrams.close(() => resolve())),
        ]);
      };
      return { address, port: bound, close };
    } catch (error) {
      await streams.close();
      if (port !== 0 || tries >= mostTries) throw error;
    }
  }
}

async function listenForStreams(
  resolver: Resolver,
  address: string,
  port: number,
): Promise<{ readonly server: net.Server; close(): Promise<void> }> {
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
    serveStream(socket, resolver);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      server.on('error', () => {}); // what clients do to their connections
      resolve();
    });
  });
  return {
    server,
    close() {
      for (const socket of sockets) socket.destroy();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

async function listenForDatagrams(resolver: Resolver, address: string, port: number): Promise<dgram.Socket> {
  const socket = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4');
  socket.on('message', (query, from) => {
    void answerTo(query, resolver, 'udp').then((answer) => {
      if (answer) socket.send(answer, from.port, from.address, () => {}); // who has left need not be told
    });
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('error', (error) => {
      socket.close();
      reject(error);
    });
    socket.bind(port, address, () => {
      socket.removeAllListeners('error').on('error', () => {}); // a client's port that is closed by now
      resolve();
    });
  });
  return socket;
}

/** Each message has its length in two bytes before it. RFC 1035 4.2.2 */
function serveStream(socket: net.Socket, resolver: Resolver): void {
  let input: Buffer = Buffer.alloc(0);
  let waiting = 0;
  socket.setTimeout(patience, () => {
    if (waiting === 0) socket.destroy();
  });
  socket.on('error', () => {}); // a client that breaks off
  socket.on('data', (chunk) => {
    input = Buffer.concat([input, chunk]);
    while (input.length >= 2 && input.length >= 2 + input.readUInt16BE(0)) {
      const query = input.subarray(2, 2 + input.readUInt16BE(0));
      input = input.subarray(2 + query.length);
      if (++waiting > mostWaiting) return void socket.destroy();
      void answerTo(query, resolver, 'tcp').then((answer) => {
        waiting--;
        if (answer && socket.writable) socket.write(Buffer.concat([lengthOf(answer), answer]));
      });
    }
  });
}

function lengthOf(answer: Buffer): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(answer.length);
  return length;
}
