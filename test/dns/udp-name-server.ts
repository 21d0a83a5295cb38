import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { isIPv4 } from 'node:net';

/** RFC 1035 3.2.2, RFC 3596 2.1 */
const types = { A: 1, CNAME: 5, PTR: 12, MX: 15, TXT: 16, AAAA: 28 } as const;
export type RecordType = keyof typeof types;

/** RFC 1035 4.1.1 */
const codes = { ok: 0, servfail: 2, nxdomain: 3, notimp: 4, refused: 5 } as const;

export interface NameServerRecord {
  readonly name: string;
  readonly type: RecordType;
  /** Text form: an address, a name, `10 mx.example`, or for TXT its pieces. */
  readonly data: string | readonly string[];
}

export type NameServerAnswer =
  | 'silence'
  | { readonly garbage: Uint8Array }
  | { readonly code?: keyof typeof codes; readonly records?: readonly NameServerRecord[] };

/** A name server on a loopback port that says what it is told to. Packets are laid out by hand: RFC 1035 4.1 */
export async function startNameServer(answer: (name: string, type: RecordType) => NameServerAnswer) {
  const socket = createSocket('udp4');
  const asked: string[] = [];
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = readQuestion(query);
    asked.push(`${type} ${name}`);
    const reply = answer(name.toLowerCase(), type);
    if (reply === 'silence') return;
    const packet =
      'garbage' in reply ? Buffer.concat([query.subarray(0, 2), reply.garbage]) : build(query, end, reply);
    socket.send(packet, port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    server: `127.0.0.1:${socket.address().port}`,
    asked,
    close: () => new Promise<void>((resolve) => void socket.close(resolve)),
  };
}

function readQuestion(query: Buffer): { name: string; type: RecordType; end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  const code = query.readUInt16BE(at + 1);
  const [type] = Object.entries(types).find(([, value]) => value === code) ?? ['A'];
  return { name: labels.join('.'), type: type as RecordType, end: at + 5 };
}

function build(
  query: Buffer,
  end: number,
  { code = 'ok', records = [] }: Exclude<NameServerAnswer, 'silence' | { garbage: Uint8Array }>,
): Buffer {
  const header = Buffer.alloc(12);
  query.copy(header, 0, 0, 2);
  header.writeUInt16BE(0x8180 | codes[code], 2); // QR, RD, RA
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, query.subarray(12, end), ...records.map(encodeRecord)]);
}

function encodeRecord({ name, type, data }: NameServerRecord): Buffer {
  const body = encodeData(type, data);
  const fixed = Buffer.alloc(10);
  fixed.writeUInt16BE(types[type], 0);
  fixed.writeUInt16BE(1, 2); // IN
  fixed.writeUInt32BE(300, 4);
  fixed.writeUInt16BE(body.length, 8);
  return Buffer.concat([encodeName(name), fixed, body]);
}

function encodeData(type: RecordType, data: string | readonly string[]): Buffer {
  const text = typeof data === 'string' ? data : (data[0] ?? '');
  switch (type) {
    case 'A':
    case 'AAAA':
      return addressBytes(text);
    case 'CNAME':
    case 'PTR':
      return encodeName(text);
    case 'MX': {
      const [preference, exchange = ''] = text.split(' ');
      const head = Buffer.alloc(2);
      head.writeUInt16BE(Number(preference));
      return Buffer.concat([head, encodeName(exchange)]);
    }
    case 'TXT':
      return Buffer.concat(
        [data].flat().map((piece) => Buffer.concat([Buffer.of(piece.length), Buffer.from(piece, 'latin1')])),
      );
  }
}

function encodeName(name: string): Buffer {
  const labels = name.split('.').filter((label) => label !== '');
  return Buffer.concat([
    ...labels.map((label) => Buffer.concat([Buffer.of(label.length), Buffer.from(label)])),
    Buffer.of(0),
  ]);
}

function addressBytes(address: string): Buffer {
  if (isIPv4(address)) return Buffer.from(address.split('.').map(Number));
  const [left = '', right = ''] = address.split('::');
  const words = (half: string): number[] =>
    half
      .split(':')
      .filter(Boolean)
      .map((word) => Number.parseInt(word, 16));
  const gap = 8 - words(left).length - words(right).length;
  return Buffer.from(
    [...words(left), ...Array<number>(gap).fill(0), ...words(right)].flatMap((word) => [
      word >> 8,
      word & 255,
    ]),
  );
}
