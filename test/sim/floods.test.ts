import net, { type Socket } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { DialogueEnd, ReceivedMessage } from '../../src/sim/host-dialogue.ts';
import { Lab } from '../../src/sim/lab.ts';
import { hostOverridesSchema } from '../../src/sim/profile.ts';
import { SimulatedHost } from '../../src/sim/simulated-host.ts';
import { minutes } from '../../src/time/duration.ts';
import { ManualClock } from '../../src/time/manual-clock.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';
import { plain, plainLab } from './plain-lab.ts';
import { WireClient } from './walk/wire-client.ts';

const hello = 'EHLO probe.example.org\r\n';
const envelope = 'MAIL FROM:<ada@example.org>\r\nRCPT TO:<bob@example.net>\r\n';
const mebibyte = 1024 * 1024;

async function greeted(behaviours: readonly object[] = []): Promise<WireClient> {
  const { lab } = await plainLab(behaviours);
  const client = await WireClient.to(lab, '192.0.2.25');
  await client.reply();
  return client;
}

test('ten thousand commands in one write get ten thousand replies', async () => {
  const client = await greeted();
  client.write('NOOP\r\n'.repeat(10_000));
  for (let i = 0; i < 10_000; i++) expect(await client.reply()).toEqual(['250 2.0.0 Ok']);
  client.write('QUIT\r\n');
  expect(await client.reply()).toEqual(['221 2.0.0 Bye']);
});

/** Floods a socket as long as it takes more; says how to stop. */
function flood(socket: Socket, bytes: string): () => void {
  const block = Buffer.from(bytes.repeat(Math.ceil(65_536 / bytes.length)), 'latin1');
  let going = true;
  const more = (): void => {
    while (going && socket.write(block)) if (socket.writableLength > mebibyte) break;
  };
  socket.on('drain', more).on('error', () => {});
  more();
  return () => {
    going = false;
    socket.destroy();
  };
}

const floods: Readonly<Record<string, readonly [bytes: string, reads: boolean]>> = {
  'a line without end': ['x', true],
  'NULs without end': ['\0', true],
  'empty lines': ['\n', true],
  'commands and their replies read': ['NOOP\r\n', true],
  'commands and no reply ever read': ['NOOP\r\n', false],
  'transactions and no reply ever read': [`${hello}${envelope}DATA\r\nx\r\n.\r\n`, false],
  'a message without end': [`${'x'.repeat(998)}\r\n`, true],
};

test.each(Object.entries(floods))('%s: the other clients are served', async (name, [bytes, reads]) => {
  const { lab } = await plainLab();
  const signal = new AbortController().signal;
  const stops = await Promise.all(
    [1, 2, 3].map(async () => {
      const socket = await lab.dial({ address: '192.0.2.25', port: 25 }, signal);
      if (reads) socket.resume();
      if (name === 'a message without end') socket.write(`${hello}${envelope}DATA\r\n`);
      return flood(socket, bytes);
    }),
  );
  for (let i = 0; i < 5; i++) {
    const client = await WireClient.to(lab, '192.0.2.25');
    const codes: (string | undefined)[] = [(await client.reply())?.[0]?.slice(0, 3)];
    for (const line of [hello, ...envelope.split(/(?<=\n)/), 'DATA\r\n', 'x\r\n.\r\n', 'QUIT\r\n']) {
      client.write(line);
      codes.push((await client.reply())?.[0]?.slice(0, 3));
    }
    expect(codes).toEqual(['220', '250', '250', '250', '354', '250', '221']);
  }
  for (const stop of stops) stop();
});

/** A host that a client floods without reading a word, until nothing moves any more: how much each side has taken. */
async function unread(behaviours: readonly object[] = []) {
  const clock = new ManualClock();
  const hostEnds: Socket[] = [];
  const ends: (DialogueEnd | undefined)[] = [];
  const host = await SimulatedHost.start({
    name: 'mx.example.net',
    profile: plain(),
    overrides: hostOverridesSchema.parse({ behaviours }),
    clock,
    random: () => 0.5,
    onAccept: (socket) => hostEnds.push(socket),
    listener: { closed: ({ end }) => void ends.push(end) },
  });
  onTestFinished(() => host.close());
  const socket = net.connect(host.port, host.address).on('error', () => {});
  onTestFinished(() => void socket.destroy());
  const block = Buffer.from('NOOP\r\n'.repeat(10_000));
  let accepted = 0;
  while (accepted < 100 * mebibyte) {
    const flowed = socket.write(block) || (await Promise.race([drained(socket), stuck(hostEnds)]));
    if (!flowed) break;
    accepted += block.length;
  }
  return { clock, socket, ends, accepted, hostEnd: hostEnds[0] as Socket };
}

test('a host stops reading from a client that never reads, and keeps little of what it has to say', async () => {
  const { accepted, hostEnd, socket, ends } = await unread();
  expect(accepted).toBeLessThan(32 * mebibyte); // what the system's own buffers hold, and not a hundred
  expect(hostEnd.writableLength).toBeGreaterThan(0);
  expect(hostEnd.writableLength).toBeLessThan(64 * 1024);
  expect(ends).toEqual([]);
  const gone = new Promise((resolve) => hostEnd.once('close', resolve));
  socket.destroy();
  await gone;
  expect(ends).toMatchObject([{ by: 'client' }]);
});

test('the session of a client that never reads ends when it has idled too long', async () => {
  const { clock, ends, hostEnd } = await unread([{ 'session-limits': { idle: '5m', how: 'reset' } }]);
  const gone = new Promise((resolve) => hostEnd.once('close', resolve));
  clock.advance(minutes(5));
  await gone;
  expect(ends).toMatchObject([{ by: 'host', how: 'reset', at: 'command' }]);
  expect(hostEnd.destroyed).toBe(true);
});

function drained(socket: NodeJS.EventEmitter): Promise<boolean> {
  return new Promise((resolve) => socket.once('drain', () => resolve(true)));
}

/** False once hosts have read nothing in a thousand rounds of the event loop. */
async function stuck(hostEnds: readonly Socket[]): Promise<boolean> {
  const moved = (): number => hostEnds.reduce((sum, end) => sum + end.bytesRead + end.bytesWritten, 0);
  for (let before = -1, rounds = 0; rounds < 1_000; rounds = moved() === before ? rounds + 1 : 0) {
    before = moved();
    await new Promise(setImmediate);
  }
  return false;
}

test('an overlong line costs its sender one 500, and the session goes on', async () => {
  const client = await greeted();
  client.write(`${hello}NOOP ${'x'.repeat(20_000)}\r\nNOOP\r\n`);
  await client.reply();
  expect(await client.reply()).toEqual(['500 5.5.2 Error: line too long']);
  expect(await client.reply()).toEqual(['250 2.0.0 Ok']);
  await client.pour(Buffer.alloc(mebibyte, 'x'), 64);
  client.write('\r\nNOOP\r\n');
  expect(await client.reply()).toEqual(['500 5.5.2 Error: line too long']);
  expect(await client.reply()).toEqual(['250 2.0.0 Ok']);
  client.hangUp();
});

test('NULs and other bytes in commands are refused or borne, and never come back', async () => {
  const client = await greeted();
  const lines = [
    'EHLO a\0b',
    '\0\0\0',
    'NOOP \x1b[31m',
    'MAIL FROM:<a\x00b@example.org>',
    'VRFY \x07\x08',
    'MAIL FROM:<\xff\xfe@example.org>',
    '\x80\x81',
  ];
  for (const line of lines) {
    client.write(`${line}\r\n`);
    const reply = await client.reply();
    expect(reply?.join(''), JSON.stringify(line)).toMatch(/^[245]\d\d[ -][\x20-\x7e]*$/);
  }
  client.write('QUIT\r\n');
  expect((await client.reply())?.[0]).toMatch(/^221/);
});

/** The one message that a host receives from a client. */
async function received(send: (client: WireClient) => Promise<void>): Promise<ReceivedMessage> {
  let got: (message: ReceivedMessage) => void = () => {};
  const message = new Promise<ReceivedMessage>((resolve) => {
    got = resolve;
  });
  const lab = new Lab({
    clock: new VirtualClock(),
    seed: 1,
    listener: { received: (_dialogue, one) => got(one) },
  });
  try {
    await lab.add('mx.example.net', { profile: plain(), addresses: ['192.0.2.25'] });
    const client = await WireClient.to(lab, '192.0.2.25');
    client.write(`${hello}${envelope}DATA\r\n`);
    for (let i = 0; i < 5; i++) await client.reply();
    await send(client);
    expect((await client.reply())?.[0]).toMatch(/^250/);
    return await message;
  } finally {
    await lab.close();
  }
}

test('of a message of 20 MiB all is counted and the first MiB is kept', async () => {
  const line = `${'x'.repeat(1022)}\r\n`;
  const message = await received(async (client) => {
    await client.pour(Buffer.from(line.repeat(1024)), 20);
    client.write('.\r\n');
  });
  expect(message).toMatchObject({ bytes: 20 * mebibyte, accepted: true });
  expect(message.content.length).toBe(mebibyte);
  expect(message.content.subarray(0, 2048).toString()).toBe(line.repeat(2));
});

test('dots are unstuffed, and bytes stay what they are', async () => {
  const message = await received(async (client) =>
    client.write('..\r\n..two\r\n\x00.three\r\n\xff\x00\r\n\r\n.\r\n'),
  );
  expect(message.content.toString('latin1')).toBe('.\r\n.two\r\n\x00.three\r\n\xff\x00\r\n\r\n');
  expect(message.bytes).toBe(message.content.length);
});

test('a message in single bytes is the same message', async () => {
  const message = await received(async (client) => {
    for (const byte of '..one\r\n.\r\n') {
      client.write(byte);
      await new Promise(setImmediate);
    }
  });
  expect(message.content.toString()).toBe('.one\r\n');
});
