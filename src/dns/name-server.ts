import dgram from 'node:dgram';
import net from 'node:net';
import packet from 'dns-packet';
import type { Lookup, Resolver } from './resolver.ts';

/** Largest answer over UDP without EDNS, in bytes; what is larger has to be asked for over TCP. RFC 1035 4.2.1 */
const largestDatagram = 512;
/** A client that holds a TCP connection open without asking is let go, in ms. */
const patience = 10_000;
const timeToLive = 60;

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
  const streams = net.createServer((socket) => serveStream(socket, resolver));
  await listen(streams, address, port);
  const bound = (streams.address() as net.AddressInfo).port;
  const datagrams = dgram.createSocket(net.isIPv6(address) ? 'udp6' : 'udp4');
  datagrams.on('message', (query, from) => {
    void answerTo(query, resolver, largestDatagram).then((answer) => {
      if (answer) datagrams.send(answer, from.port, from.address, () => {}); // who has left need not be told
    });
  });
  await new Promise<void>((resolve, reject) => {
    datagrams.once('error', reject);
    datagrams.bind(bound, address, resolve);
  });
  const sockets = new Set<net.Socket>();
  streams.on('connection', (socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return {
    address,
    port: bound,
    async close() {
      for (const socket of sockets) socket.destroy();
      await Promise.all([
        new Promise<void>((resolve) => datagrams.close(() => resolve())),
        new Promise<void>((resolve) => streams.close(() => resolve())),
      ]);
    },
  };
}

function listen(server: net.Server, address: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, address, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

/** Each message has its length in two bytes before it. RFC 1035 4.2.2 */
function serveStream(socket: net.Socket, resolver: Resolver): void {
  let input: Buffer = Buffer.alloc(0);
  socket.setTimeout(patience, () => socket.destroy());
  socket.on('error', () => {}); // a client that breaks off
  socket.on('data', (chunk) => {
    input = Buffer.concat([input, chunk]);
    while (input.length >= 2 && input.length >= 2 + input.readUInt16BE(0)) {
      const query = input.subarray(2, 2 + input.readUInt16BE(0));
      input = input.subarray(2 + query.length);
      void answerTo(query, resolver, 65_535).then((answer) => {
        if (!answer || !socket.writable) return;
        const length = Buffer.alloc(2);
        length.writeUInt16BE(answer.length);
        socket.write(Buffer.concat([length, answer]));
      });
    }
  });
}

const kinds = { A: 4, AAAA: 6 } as const;
const notImplemented = 4;
const replyCodes = { found: 0, 'no-data': 0, 'no-such-domain': 3, failed: 2 } as const;

/** The answer to a query; `undefined` where none is to be sent: no query at all, or a name that never answers. */
async function answerTo(bytes: Buffer, resolver: Resolver, room: number): Promise<Buffer | undefined> {
  const query = decode(bytes);
  const question = query?.questions?.[0];
  if (!query || !question) return undefined;
  const lookup = await lookUp(question, resolver);
  if (lookup?.kind === 'failed' && lookup.why === 'timeout') return undefined;
  const answers = lookup?.kind === 'found' ? recordsOf(question, lookup) : [];
  const code = lookup === undefined ? notImplemented : codeOf(lookup);
  const head = { type: 'response' as const, id: query.id ?? 0, questions: [question] };
  const flags = packet.RECURSION_AVAILABLE | ((query.flags ?? 0) & packet.RECURSION_DESIRED) | code;
  const whole = packet.encode({ ...head, flags, answers });
  return whole.length <= room ? whole : packet.encode({ ...head, flags: flags | packet.TRUNCATED_RESPONSE });
}

function decode(bytes: Buffer): packet.Packet | undefined {
  try {
    const query = packet.decode(bytes);
    return query.type === 'query' ? query : undefined;
  } catch {
    return undefined; // not a DNS message: nothing to answer
  }
}

function codeOf(lookup: Lookup<unknown>): number {
  const refused = 5;
  return lookup.kind === 'failed' && lookup.why === 'refused' ? refused : replyCodes[lookup.kind];
}

/** `undefined` for a type that this server knows nothing of. */
async function lookUp(
  { name, type }: packet.Question,
  resolver: Resolver,
): Promise<Lookup<unknown> | undefined> {
  switch (type) {
    case 'MX':
      return resolver.mx(name);
    case 'TXT':
      return resolver.txt(name);
    case 'A':
    case 'AAAA':
      return resolver.addresses(name, kinds[type]);
    case 'PTR':
      return resolver.ptr(addressOf(name));
    default:
      return undefined;
  }
}

function recordsOf(
  { name, type }: packet.Question,
  lookup: Extract<Lookup<unknown>, { kind: 'found' }>,
): packet.Answer[] {
  const owner = lookup.canonical ?? name;
  const alias: packet.Answer[] =
    lookup.canonical === undefined ? [] : [{ type: 'CNAME', name, data: owner, ttl: timeToLive }];
  const records = lookup.records.map(
    (data) => ({ type, name: owner, ttl: timeToLive, data: dataOf(data) }) as packet.Answer,
  );
  return [...alias, ...records];
}

function dataOf(record: unknown): unknown {
  if (typeof record !== 'object' || record === null) return record;
  const { preference, exchange } = record as { preference: number; exchange: string };
  return { preference, exchange: exchange === '' ? '.' : exchange }; // RFC 7505 3
}

/** `1.2.0.192.in-addr.arpa` as `192.0.2.1`, and the same for ip6.arpa. Other names stay as they are. RFC 1035 3.5 */
function addressOf(name: string): string {
  const v4 = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa\.?$/i.exec(name);
  if (v4) return v4.slice(1, 5).reverse().join('.');
  const v6 = /^((?:[\da-f]\.){32})ip6\.arpa\.?$/i.exec(name);
  const digits = v6?.[1]?.split('.').reverse().join('') ?? '';
  return v6 ? (digits.match(/.{4}/g)?.join(':') ?? name) : name;
}
