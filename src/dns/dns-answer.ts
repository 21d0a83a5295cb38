import { isIP } from 'node:net';
import packet from 'dns-packet';
import { canonicalName } from './name.ts';
import type { Lookup, Resolver } from './resolver.ts';

/** Largest answer over UDP without EDNS, in bytes; what is larger has to be asked for over TCP. RFC 1035 4.2.1 */
const largestPlainDatagram = 512;
/** Largest answer over UDP to a client that says it can take so much. RFC 6891 6.2.5 */
const largestDatagram = 4_096;
const largestStreamed = 65_535;
/** Longest piece of a TXT record. RFC 1035 3.3 */
const longestPiece = 255;
const timeToLive = 60;

const families = { A: 4, AAAA: 6 } as const;
/** RFC 1035 4.1.1 */
const replyCodes = { formerr: 1, servfail: 2, nxdomain: 3, refused: 5 } as const;

/** The answer to a query; `undefined` where none is to be sent: no query at all, or a name that never answers. */
export async function answerTo(
  bytes: Buffer,
  resolver: Resolver,
  over: 'udp' | 'tcp',
): Promise<Buffer | undefined> {
  const query = decode(bytes);
  const question = query?.questions?.[0];
  if (!query || !question) return undefined;
  if (!isSayable(question.name)) return refusal(query);
  const lookup = await lookUp(question, resolver);
  if (lookup.kind === 'failed' && lookup.why === 'timeout') return undefined;
  const edns = query.additionals?.find((record) => record.type === 'OPT');
  const payload = Math.max(largestPlainDatagram, edns?.udpPayloadSize ?? 0);
  const room = over === 'tcp' ? largestStreamed : Math.min(payload, largestDatagram);
  const answers = lookup.kind === 'found' ? recordsOf(question, lookup) : [];
  const head = {
    type: 'response' as const,
    id: query.id ?? 0,
    questions: [question],
    additionals: edns ? [{ ...edns, udpPayloadSize: largestDatagram, options: [] }] : [],
  };
  const flags =
    packet.AUTHORITATIVE_ANSWER |
    packet.RECURSION_AVAILABLE |
    ((query.flags ?? 0) & packet.RECURSION_DESIRED) |
    codeOf(lookup);
  const whole = encode({ ...head, flags, answers }, room);
  return whole ?? packet.encode({ ...head, flags: flags | packet.TRUNCATED_RESPONSE });
}

function decode(bytes: Buffer): packet.DecodedPacket | undefined {
  try {
    const query = packet.decode(bytes);
    return query.type === 'query' ? query : undefined;
  } catch {
    return undefined; // not a DNS message: nothing to answer
  }
}

/** `undefined` for what does not fit. */
function encode(answer: packet.Packet, room: number): Buffer | undefined {
  const bytes = packet.encode(answer);
  return bytes.length <= room ? bytes : undefined;
}

/** Bytes that are no text have grown when they were read as text. RFC 1035 2.3.4 */
function isSayable(name: string): boolean {
  return Buffer.byteLength(name) <= 253 && name.split('.').every((label) => Buffer.byteLength(label) <= 63);
}

function refusal({ id = 0 }: packet.Packet): Buffer {
  return packet.encode({ type: 'response', id, flags: replyCodes.formerr });
}

function codeOf(lookup: Lookup<unknown>): number {
  if (lookup.kind === 'no-such-domain') return replyCodes.nxdomain;
  if (lookup.kind !== 'failed') return 0;
  return lookup.why === 'refused' ? replyCodes.refused : replyCodes.servfail;
}

async function lookUp({ name, type }: packet.Question, resolver: Resolver): Promise<Lookup<unknown>> {
  switch (type) {
    case 'MX':
      return resolver.mx(name);
    case 'TXT':
      return resolver.txt(name);
    case 'A':
    case 'AAAA':
      return resolver.addresses(name, families[type]);
    case 'PTR': {
      const address = addressOf(name);
      return address === undefined ? existence(name, resolver) : resolver.ptr(address);
    }
    case 'CNAME':
      return aliasOf(name, resolver);
    default:
      return existence(name, resolver);
  }
}

/** Of a type that nobody has: whether the name is there at all. */
async function existence(name: string, resolver: Resolver): Promise<Lookup<unknown>> {
  const found = await resolver.addresses(name, families.A);
  return found.kind === 'found' ? { kind: 'no-data' } : found;
}

/** Resolvers follow aliases and tell where they led. */
async function aliasOf(name: string, resolver: Resolver): Promise<Lookup<unknown>> {
  let last: Lookup<unknown> = { kind: 'no-data' };
  for (const ask of [
    () => resolver.addresses(name, families.A),
    () => resolver.addresses(name, families.AAAA),
    () => resolver.mx(name),
    () => resolver.txt(name),
  ]) {
    last = await ask();
    if (last.kind === 'found' && last.canonical !== undefined) return { ...last, records: [] };
    if (last.kind === 'failed' || last.kind === 'no-such-domain') return last;
  }
  return { kind: 'no-data' };
}

function recordsOf(
  { name, type }: packet.Question,
  { records, canonical }: Extract<Lookup<unknown>, { kind: 'found' }>,
): packet.Answer[] {
  const owner = canonical ?? name;
  const alias: packet.Answer[] =
    canonical === undefined ? [] : [{ type: 'CNAME', name, data: canonical, ttl: timeToLive }];
  return [
    ...alias,
    ...records.map(
      (data) => ({ type, name: owner, ttl: timeToLive, data: dataOf(data, type) }) as packet.Answer,
    ),
  ];
}

function dataOf(record: unknown, type: string): unknown {
  if (type === 'TXT') return piecesOf(Buffer.from(`${record}`));
  if (typeof record === 'string') return onTheWire(record);
  const { preference, exchange } = record as { preference: number; exchange: string };
  return { preference, exchange: exchange === '' ? '.' : onTheWire(exchange) }; // RFC 7505 3
}

/** A name as it stands in a record: A-labels. RFC 5890 2.3.2.1 */
function onTheWire(name: string): string {
  return /[^\x00-\x7f]/.test(name) ? canonicalName(name) : name;
}

function piecesOf(text: Buffer): Buffer[] {
  const pieces: Buffer[] = [];
  for (let i = 0; i === 0 || i < text.length; i += longestPiece)
    pieces.push(text.subarray(i, i + longestPiece));
  return pieces;
}

/** `1.2.0.192.in-addr.arpa` as `192.0.2.1`, and the same for ip6.arpa; `undefined` for other names. RFC 1035 3.5, RFC 3596 2.5 */
function addressOf(name: string): string | undefined {
  const v4 = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\.in-addr\.arpa\.?$/i.exec(name)?.slice(1, 5).reverse().join('.');
  const v6 = /^((?:[\da-f]\.){32})ip6\.arpa\.?$/i
    .exec(name)?.[1]
    ?.split('.')
    .reverse()
    .join('')
    .match(/.{4}/g)
    ?.join(':');
  return [v4, v6].find((address) => address !== undefined && isIP(address) > 0);
}
