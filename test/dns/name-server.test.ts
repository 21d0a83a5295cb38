import dgram from 'node:dgram';
import { once } from 'node:events';
import net from 'node:net';
import packet from 'dns-packet';
import { expect, onTestFinished, test } from 'vitest';
import { type NameServer, startNameServer } from '../../src/dns/name-server.ts';
import { type Zone, zoneSchema } from '../../src/dns/zone.ts';
import { ZoneResolver } from '../../src/dns/zone-resolver.ts';
import type { Clock } from '../../src/time/clock.ts';
import { seconds } from '../../src/time/duration.ts';
import { ManualClock } from '../../src/time/manual-clock.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';

const longText = `v=DKIM1; p=${'A'.repeat(600)}`;
const many = Array.from({ length: 60 }, (_, i) => `192.0.2.${i + 1}`);

const zone = zoneSchema.parse({
  'example.net': { mx: ['20 mx2.example.net', '10 mx1.example.net'], txt: ['v=spf1 -all', longText] },
  'mx1.example.net': { a: ['192.0.2.1', '192.0.2.2'], aaaa: '2001:db8::1' },
  'null.example': { mx: null },
  'umlaut.example': { mx: '10 mx.müller.example' },
  'www.example.net': { cname: 'mx1.example.net' },
  'many.example': { a: many },
  'servfail.example': { fails: 'servfail' },
  'refused.example': { fails: 'refused' },
  'nxdomain.example': { fails: 'nxdomain' },
  'timeout.example': { fails: 'timeout' },
  'slow.example': { a: '192.0.2.9', slow: '3s' },
  '192.0.2.1': { ptr: 'mx1.example.net' },
  '2001:db8::1': { ptr: 'mx1.example.net' },
}) as Zone;

async function serving(clock: Clock = new VirtualClock()): Promise<NameServer> {
  const server = await startNameServer(new ZoneResolver(zone, clock));
  onTestFinished(() => server.close());
  return server;
}

type Asked = {
  readonly name: string;
  readonly type: string;
  readonly edns?: number;
  readonly over?: 'udp' | 'tcp';
};

function query({ name, type, edns }: Asked): Buffer {
  return packet.encode({
    type: 'query',
    id: 4_711,
    flags: packet.RECURSION_DESIRED,
    questions: [{ type: type as packet.RecordType, name }],
    additionals:
      edns === undefined
        ? []
        : [
            {
              type: 'OPT',
              name: '.',
              udpPayloadSize: edns,
              extendedRcode: 0,
              ednsVersion: 0,
              flags: 0,
              flag_do: false,
              options: [],
            },
          ],
  });
}

/** Sends bytes in one datagram and gives what comes back. */
async function datagram({ port, address }: NameServer, bytes: Buffer): Promise<Buffer> {
  const socket = dgram.createSocket('udp4');
  socket.send(bytes, port, address);
  const [answer] = (await once(socket, 'message')) as [Buffer];
  socket.close();
  return answer;
}

/** Sends bytes over one TCP connection and gives the messages that come back. */
async function stream({ port, address }: NameServer, bytes: Buffer, messages = 1): Promise<Buffer[]> {
  const socket = net.connect(port, address);
  socket.write(bytes);
  let input: Buffer = Buffer.alloc(0);
  const found: Buffer[] = [];
  for await (const chunk of socket) {
    input = Buffer.concat([input, chunk as Buffer]);
    while (input.length >= 2 && input.length >= 2 + input.readUInt16BE(0)) {
      found.push(input.subarray(2, 2 + input.readUInt16BE(0)));
      input = input.subarray(2 + input.readUInt16BE(0));
    }
    if (found.length >= messages) break;
  }
  return found;
}

const withLength = (bytes: Buffer): Buffer =>
  Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 255]), bytes]);

async function ask(server: NameServer, asked: Asked): Promise<packet.DecodedPacket> {
  const bytes = query(asked);
  const answer =
    asked.over === 'tcp' ? (await stream(server, withLength(bytes)))[0] : await datagram(server, bytes);
  return packet.decode(answer ?? Buffer.alloc(0));
}

/** Each record as `owner type data`. */
function records({ answers = [] }: packet.DecodedPacket): string[] {
  return answers.map((record) => {
    const { data } = record as { data: unknown };
    const text = Array.isArray(data)
      ? data.map(String).join('|')
      : typeof data === 'object'
        ? JSON.stringify(data)
        : `${data}`;
    return `${record.name} ${record.type} ${text}`;
  });
}

const code = ({ flags = 0 }: packet.DecodedPacket): number => flags & 0xf;

const answered: Readonly<Record<string, readonly string[]>> = {
  'example.net MX': [
    'example.net MX {"preference":20,"exchange":"mx2.example.net"}',
    'example.net MX {"preference":10,"exchange":"mx1.example.net"}',
  ],
  'mx1.example.net A': ['mx1.example.net A 192.0.2.1', 'mx1.example.net A 192.0.2.2'],
  'MX1.Example.NET A': ['MX1.Example.NET A 192.0.2.1', 'MX1.Example.NET A 192.0.2.2'],
  'mx1.example.net AAAA': ['mx1.example.net AAAA 2001:db8::1'],
  'umlaut.example MX': ['umlaut.example MX {"preference":10,"exchange":"mx.xn--mller-kva.example"}'],
  'null.example MX': ['null.example MX {"preference":0,"exchange":"."}'],
  '1.2.0.192.in-addr.arpa PTR': ['1.2.0.192.in-addr.arpa PTR mx1.example.net'],
  '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR': [
    '1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa PTR mx1.example.net',
  ],
  'www.example.net CNAME': ['www.example.net CNAME mx1.example.net'],
  'www.example.net A': [
    'www.example.net CNAME mx1.example.net',
    'mx1.example.net A 192.0.2.1',
    'mx1.example.net A 192.0.2.2',
  ],
};

for (const over of ['udp', 'tcp'] as const) {
  for (const [question, expected] of Object.entries(answered)) {
    test(`${question} over ${over}`, async () => {
      const [name = '', type = ''] = question.split(' ');
      const answer = await ask(await serving(), { name, type, over });
      expect({ id: answer.id, type: answer.type, code: code(answer) }).toEqual({
        id: 4_711,
        type: 'response',
        code: 0,
      });
      expect(records(answer)).toEqual(expected);
      expect(answer.questions).toMatchObject([{ name, type }]);
      expect(answer.flag_rd && answer.flag_ra && answer.flag_aa).toBe(true);
    });
  }
}

const unanswered: Readonly<Record<string, number>> = {
  'nobody.example A': 3,
  'nxdomain.example MX': 3,
  'servfail.example A': 2,
  'refused.example A': 5,
  'example.net A': 0,
  'mx1.example.net MX': 0,
  'mx1.example.net CNAME': 0,
  'example.net SOA': 0,
  'mx1.example.net TLSA': 0,
  'nobody.example SRV': 3,
  'servfail.example CNAME': 2,
  'example.net PTR': 0,
  '999.2.0.192.in-addr.arpa PTR': 3,
};

for (const [question, expected] of Object.entries(unanswered)) {
  test(`${question} is answered with code ${expected} and no records`, async () => {
    const [name = '', type = ''] = question.split(' ');
    const answer = await ask(await serving(), { name, type });
    expect({ code: code(answer), records: records(answer) }).toEqual({ code: expected, records: [] });
  });
}

test('a long TXT record comes in pieces that together are the whole', async () => {
  const answer = await ask(await serving(), { name: 'example.net', type: 'TXT', over: 'tcp' });
  const texts = (answer.answers ?? []).map((record) => (record as { data: Buffer[] }).data);
  expect(texts.map((pieces) => Buffer.concat(pieces).toString())).toEqual(['v=spf1 -all', longText]);
  expect(Math.max(...texts.flat().map(({ length }) => length))).toBeLessThanOrEqual(255);
});

test('what does not fit into a datagram is truncated, and whole over TCP', async () => {
  const server = await serving();
  const small = await ask(server, { name: 'many.example', type: 'A' });
  expect({ truncated: small.flag_tc, records: records(small) }).toEqual({ truncated: true, records: [] });
  const whole = await ask(server, { name: 'many.example', type: 'A', over: 'tcp' });
  expect({ truncated: whole.flag_tc, count: whole.answers?.length }).toEqual({ truncated: false, count: 60 });
});

test('a client that says it takes larger datagrams gets them', async () => {
  const answer = await ask(await serving(), { name: 'many.example', type: 'A', edns: 4_096 });
  expect({ truncated: answer.flag_tc, count: answer.answers?.length }).toEqual({
    truncated: false,
    count: 60,
  });
  expect(answer.additionals).toMatchObject([{ type: 'OPT' }]);
});

test('a client that says it takes smaller ones gets as much as everybody', async () => {
  const answer = await ask(await serving(), { name: 'mx1.example.net', type: 'A', edns: 1 });
  expect(answer.answers).toHaveLength(2);
});

test('a slow answer comes when its time has come, and not before', async () => {
  const clock = new ManualClock();
  const server = await serving(clock);
  let come = false;
  const slow = ask(server, { name: 'slow.example', type: 'A' }).then((answer) => {
    come = true;
    return answer;
  });
  await ask(server, { name: 'mx1.example.net', type: 'A' }); // asked later, answered at once
  clock.advance(seconds(3) - 1);
  await ask(server, { name: 'mx1.example.net', type: 'A' });
  expect(come).toBe(false);
  clock.advance(1);
  expect(records(await slow)).toEqual(['slow.example A 192.0.2.9']);
});

test('a name that never answers gets no answer, and others do meanwhile', async () => {
  const server = await serving();
  const socket = dgram.createSocket('udp4');
  onTestFinished(() => void socket.close());
  const heard: string[] = [];
  socket.on('message', (bytes) => heard.push(packet.decode(bytes).questions?.[0]?.name ?? ''));
  socket.send(query({ name: 'timeout.example', type: 'A' }), server.port, server.address);
  socket.send(query({ name: 'slow.example', type: 'A' }), server.port, server.address);
  await once(socket, 'message');
  await ask(server, { name: 'mx1.example.net', type: 'A' });
  expect(heard).toEqual(['slow.example']);
});

test('several questions over one connection are all answered', async () => {
  const server = await serving();
  const asked = ['mx1.example.net', 'nobody.example', 'servfail.example'];
  const bytes = Buffer.concat(asked.map((name) => withLength(query({ name, type: 'A' }))));
  const answers = (await stream(server, bytes, 3)).map((answer) => packet.decode(answer));
  expect(answers.map((answer) => `${answer.questions?.[0]?.name} ${code(answer)}`).sort()).toEqual([
    'mx1.example.net 0',
    'nobody.example 3',
    'servfail.example 2',
  ]);
});

const noQueries: Readonly<Record<string, Buffer>> = {
  nothing: Buffer.alloc(0),
  'a few bytes': Buffer.from([1, 2, 3]),
  noise: Buffer.alloc(200, 0xff),
  'a response': packet.encode({
    type: 'response',
    id: 1,
    questions: [{ type: 'A', name: 'mx1.example.net' }],
  }),
  'no question': packet.encode({ type: 'query', id: 1 }),
  'a question cut off': query({ name: 'mx1.example.net', type: 'A' }).subarray(0, 20),
};

for (const [what, bytes] of Object.entries(noQueries)) {
  test(`${what} is passed over, and the next question answered`, async () => {
    const server = await serving();
    const socket = dgram.createSocket('udp4');
    socket.send(bytes, server.port, server.address);
    socket.close();
    expect(
      await stream(
        server,
        Buffer.concat([withLength(bytes), withLength(query({ name: 'mx1.example.net', type: 'A' }))]),
      ),
    ).toHaveLength(1);
    expect(records(await ask(server, { name: 'mx1.example.net', type: 'AAAA' }))).toHaveLength(1);
  });
}

test('a name that cannot be said back is answered all the same', async () => {
  const server = await serving();
  const bytes = query({ name: `${'x'.repeat(63)}.example`, type: 'A' });
  bytes.fill(0xff, 13, 13 + 63); // a label of bytes that are no text
  const answer = packet.decode(await datagram(server, bytes));
  expect({ id: answer.id, code: code(answer) }).toEqual({ id: 4_711, code: 1 });
});

test('a client that leaves in the middle of a question harms nobody', async () => {
  const server = await serving();
  const socket = net.connect(server.port, server.address);
  socket.end(Buffer.from([0, 40, 1, 2]));
  await once(socket, 'close');
  expect(records(await ask(server, { name: 'mx1.example.net', type: 'AAAA' }))).toHaveLength(1);
});

test('a port that is taken is refused with its name', async () => {
  const { port } = await serving();
  const again = startNameServer(new ZoneResolver(zone, new VirtualClock()), { port });
  await expect(again).rejects.toMatchObject({ code: 'EADDRINUSE', port });
});

test('where only UDP is taken, what listened for TCP is closed', async () => {
  const server = await startNameServer(new ZoneResolver(zone, new VirtualClock()));
  await server.close(); // a port that is free for both
  const { port } = server;
  const taken = dgram.createSocket('udp4').bind(port, '127.0.0.1');
  await once(taken, 'listening');
  onTestFinished(() => void taken.close());
  const refused = startNameServer(new ZoneResolver(zone, new VirtualClock()), { port });
  await expect(refused).rejects.toMatchObject({ code: 'EADDRINUSE', port });
  const again = net.createServer().listen(port, '127.0.0.1');
  await once(again, 'listening');
  again.close();
});

test('closing ends what is open', async () => {
  const server = await startNameServer(new ZoneResolver(zone, new VirtualClock()));
  const socket = net.connect(server.port, server.address);
  await once(socket, 'connect');
  socket.on('error', () => {});
  await server.close();
  await once(socket, 'close');
});
