import { expect, test } from 'vitest';
import { Session } from '../../src/probe/session.ts';
import { nextRound } from '../../src/time/event-loop.ts';
import { atHost, serve } from './helpers/at-host.ts';
import type { Peer } from './helpers/scripted-server.ts';

/** What our client may take from a host that does not stop, in bytes: its bounds, and one full read of the socket. */
const enough = 65_536 + 4_096 + 2 * 65_536;

/** Writes the same bytes as long as the client reads them. */
async function pour(peer: Peer, bytes: string, most: number): Promise<void> {
  const chunk = Buffer.from(bytes, 'latin1');
  for (let written = 0; written < most && !peer.gone && !peer.socket.destroyed; written += chunk.length) {
    if (!peer.socket.write(chunk)) await drained(peer);
  }
}

async function drained(peer: Peer): Promise<void> {
  while (!peer.gone && !peer.socket.destroyed && peer.socket.writableNeedDrain)
    await new Promise<void>(nextRound);
}

const floods: Readonly<Record<string, readonly [string, RegExp]>> = {
  'an endless multi-line reply': ['250-x\r\n'.repeat(2_000), /more than 512 lines/],
  'an endless reply of long lines': [`250-${'x'.repeat(4_000)}\r\n`.repeat(4), /more than 65536 bytes/],
  'a line of a gigabyte': ['250 '.padEnd(16_384, 'x'), /does not end|4096|bytes/],
  'a gigabyte of NULs': ['\0'.repeat(16_384), /not a reply/],
  'a gigabyte of digits': ['2'.repeat(16_384), /not a reply/],
  'endless blank lines': ['\r\n'.repeat(8_192), /not a reply/],
  'endless whole replies': ['250 ok\r\n'.repeat(2_000), /replies to nothing/],
};

const gigabyte = 1024 ** 3;

for (const [what, [bytes, why]] of Object.entries(floods)) {
  for (const where of ['greeting', 'reply'] as const) {
    test(`REP-14 ${what} is given up: in the ${where}`, async () => {
      const server = await serve(async (peer) => {
        if (where === 'greeting') return pour(peer, bytes.replaceAll('250', '220'), gigabyte);
        await peer.say('220 hi\r\n');
        await peer.line();
        await pour(peer, bytes, gigabyte);
      });
      const { session, greeting } = await Session.open(server.environment, {
        host: 'mx',
        address: '192.0.2.1',
        port: 25,
      });
      if (where === 'reply') await session.noop();
      else expect(greeting.kind).toBe(what === 'endless whole replies' ? 'reply' : 'misspoke');
      const ended = session.ended ?? (await session.noop());
      expect(ended).toMatchObject({ kind: 'misspoke', why: expect.stringMatching(why) });
      expect(ended.kind === 'misspoke' && ended.bytes.length).toBeLessThanOrEqual(200);
      expect(server.clients[0]?.bytesRead).toBeLessThanOrEqual(enough);
      expect(JSON.stringify(session.transcript).length).toBeLessThan(10_000);
    });
  }
}

test('REP-14 a host that sends one byte per second is given up at the patience of the stage', async () => {
  for (const byte of ['2', '-', 'x']) {
    const { greeting, server } = await atHost(async (peer) => {
      await peer.say('220-');
      for (let i = 0; i < 1_000 && !peer.gone; i++) {
        await peer.sleep(1_000);
        await peer.say(byte);
      }
    });
    expect(greeting).toMatchObject({ kind: 'timed-out', stage: 'greeting', elapsed: 300_000 });
    expect(server.peers).toHaveLength(1);
  }
});

test('REP-14 an idle session is not flooded either', async () => {
  const { session, server } = await atHost(async (peer) => {
    await peer.say('220 hi\r\n');
    await peer.sleep(1_000);
    await pour(peer, '250 unasked\r\n'.repeat(1_000), gigabyte);
  });
  await server.clock.sleep(2_000);
  expect(session.ended).toMatchObject({ kind: 'misspoke', why: 'replies to nothing' });
  expect(server.clients[0]?.bytesRead).toBeLessThanOrEqual(enough);
  expect(session.transcript.events.length).toBeLessThan(50);
});

test('NULs and escape codes within a reply are kept as they are, for the report to escape', async () => {
  const { session } = await atHost({ on: { NOOP: '250 \x1b[31mred\x00\x07\u009b' } });
  expect(await session.noop()).toMatchObject({ reply: { raw: ['250 \x1b[31mred\x00\x07\u009b'] } });
});

test('limits can be set lower', async () => {
  const { greeting } = await atHost(
    { greeting: '220-a\r\n220-b\r\n220 c' },
    { limits: { lineBytes: 100, lines: 2, bytes: 1_000 } },
  );
  expect(greeting).toMatchObject({ kind: 'misspoke', why: 'more than 2 lines in one reply' });
});

test('a host that hangs up after every reply is called as often as asked, and leaves nothing behind', async () => {
  const { environment, clients } = await serve({
    greeting: async (peer) => {
      await peer.say('220 hi\r\n');
      await peer.rst();
    },
  });
  for (let i = 0; i < 50; i++) {
    const { session } = await Session.open(environment, { host: 'mx', address: '192.0.2.1', port: 25 });
    await session.noop();
    expect(session.ended).toMatchObject({ kind: 'disconnected', how: 'reset' });
  }
  expect(clients.filter(({ destroyed }) => !destroyed)).toEqual([]);
});
