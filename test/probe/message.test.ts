import { expect, test } from 'vitest';
import * as commands from '../../src/probe/command.ts';
import { withCrlf } from '../../src/smtp/message-data.ts';
import { atHost, introduced } from './helpers/at-host.ts';
import type { Manners, Reaction } from './helpers/host.ts';
import type { Peer } from './helpers/scripted-server.ts';

/** Takes everything behind DATA as it comes, up to the final dot. */
function collecting(): { on: NonNullable<Manners['on']>; taken: () => string } {
  let all = '';
  const DATA: Reaction = async (peer) => {
    await peer.say('354 go\r\n');
    peer.raw.on('data', (chunk: Buffer) => {
      all += chunk.toString('latin1');
    });
    while (!peer.gone && (await peer.line()) !== '.');
    await peer.say('250 2.0.0 queued\r\n');
  };
  return { on: { DATA }, taken: () => all };
}

const travels: Readonly<Record<string, readonly [string, string]>> = {
  'SYN-01 every line end becomes CRLF': ['a\nb\rc\r\nd', 'a\r\nb\r\nc\r\nd\r\n.\r\n'],
  'DAT-01 a dot that starts a line is doubled': [
    '.hidden\r\n..\r\n.\r\nx.y\r\n',
    '..hidden\r\n...\r\n..\r\nx.y\r\n.\r\n',
  ],
  'DAT-01 a dot behind a line separator of Unicode is left alone': [
    'a\u2028.b\u2029.c\u0085.d',
    `${Buffer.from('a\u2028.b\u2029.c\u0085.d').toString('latin1')}\r\n.\r\n`,
  ],
  'DAT-02 a missing final line end is supplied': ['x', 'x\r\n.\r\n'],
  'DAT-02 no blank line is added': ['x\r\n', 'x\r\n.\r\n'],
  'DAT-03 a dot between two kinds of line ends ends nothing': [
    'text\n.\r\nMAIL FROM:<x@y>\r\n',
    'text\r\n..\r\nMAIL FROM:<x@y>\r\n.\r\n',
  ],
  'DAT-03 nor does one between lone CRs': ['text\r.\rQUIT\r', 'text\r\n..\r\nQUIT\r\n.\r\n'],
};

for (const [rule, [content, wire]] of Object.entries(travels)) {
  test(rule, async () => {
    const { on, taken } = collecting();
    const { session } = await introduced({ offers: ['8BITMIME'], on });
    await session.mail('a@example.net', { BODY: '8BITMIME' });
    await session.data();
    expect(await session.message(content)).toMatchObject({
      kind: 'reply',
      stage: 'message',
      reply: { code: 250 },
    });
    expect(taken()).toBe(wire);
  });
}

test('octets travel as they are, not as UTF-8', async () => {
  const { on, taken } = collecting();
  const { session } = await introduced({ offers: ['8BITMIME'], on });
  await session.mail('a@example.net', { BODY: '8BITMIME' });
  await session.data();
  await session.message(Buffer.from([0xff, 0x00, 0xe9, 0x0a, 0x2e, 0x80]));
  expect(taken()).toBe('\xff\x00\xe9\r\n..\x80\r\n.\r\n');
});

test('DAT-05 8-bit content is withheld where MAIL did not announce it', async () => {
  const { session, server } = await introduced({ offers: ['8BITMIME'] });
  await session.mail('a@example.net');
  await session.data();
  expect(await session.message('Grüße')).toMatchObject({
    kind: 'withheld',
    rule: 'DAT-05',
    stage: 'message',
  });
  expect(server.lines.at(-1)).toBe('DATA');
  expect(await session.message('Gruesse')).toMatchObject({ reply: { code: 250 } });
});

test('a second message needs a second DATA', async () => {
  const { session } = await atHost({});
  await session.data();
  await session.message('one');
  expect(await session.message('two')).toMatchObject({ kind: 'withheld', rule: 'SES-09' });
});

test('the transcript keeps the beginning of a message and counts all of it', async () => {
  const { session } = await atHost({});
  await session.data();
  const content = Array.from({ length: 50 }, (_, i) => `line ${i}`).join('\r\n');
  await session.message(content);
  expect(session.transcript.events.at(-2)).toMatchObject({
    kind: 'sent',
    lines: ['line 0', 'line 1', 'line 2', 'line 3', 'line 4'],
    bytes: withCrlf(content).length + 3,
  });
});

test('a message of 20 MB is written as fast as it is read', async () => {
  const { session, server } = await atHost({
    on: {
      DATA: async (peer) => {
        await peer.say('354 go\r\n');
        await swallow(peer);
      },
    },
  });
  await session.data();
  const client = server.clients[0];
  let most = 0;
  client?.on('drain', () => {
    most = Math.max(most, client.writableLength);
  });
  const size = 20 * 1024 * 1024;
  const got = await session.message('x'.repeat(size));
  expect(got).toMatchObject({ kind: 'reply', reply: { lines: [`${size + 5} octets`] } });
  expect(most).toBeLessThanOrEqual(65_536);
});

/** Reads to the final dot without keeping anything. */
async function swallow(peer: Peer): Promise<void> {
  peer.raw.removeAllListeners('data');
  let octets = 0;
  await new Promise<void>((resolve) => {
    peer.raw.on('data', (chunk: Buffer) => {
      octets += chunk.length;
      if (chunk.subarray(-3).toString() === '.\r\n') resolve();
    });
  });
  await peer.say(`250 2.0.0 ${octets} octets\r\n`);
}

test('TMO-01 a host that stops reading a message is waited for as long as a block may take', async () => {
  const { session, server } = await atHost({
    on: {
      DATA: async (peer) => {
        await peer.say('354 go\r\n');
        peer.raw.pause();
        await peer.silence();
      },
    },
  });
  await session.data();
  const before = server.clock.now();
  const got = await session.message('x'.repeat(30 * 1024 * 1024));
  expect(got).toMatchObject({ kind: 'timed-out', stage: 'message', after: 180_000 });
  expect(server.clock.now() - before).toBe(180_000);
});

test('a refusal in the middle of a message is told, though the host reads no further', async () => {
  const { session } = await atHost({
    on: {
      DATA: async (peer) => {
        await peer.say('354 go\r\n');
        await peer.octets(100_000);
        peer.raw.pause();
        await peer.say('552 5.3.4 too big\r\n');
        await peer.silence();
      },
    },
  });
  await session.data();
  expect(await session.message('x'.repeat(30 * 1024 * 1024))).toMatchObject({
    kind: 'reply',
    reply: { code: 552 },
  });
  expect(session.ended).toMatchObject({ kind: 'timed-out' });
});

test('a host that resets in the middle of a message', async () => {
  const { session } = await atHost({
    on: {
      DATA: async (peer) => {
        await peer.say('354 go\r\n');
        await peer.octets(100_000);
        await peer.rst();
      },
    },
  });
  await session.data();
  expect(await session.message('x'.repeat(30 * 1024 * 1024))).toMatchObject({
    kind: 'disconnected',
    how: 'reset',
    stage: 'message',
    command: '.',
  });
});

test('EXT-07 chunks travel exactly, without stuffing', async () => {
  const chunks: string[] = [];
  const BDAT: Reaction = async (peer, line) => {
    chunks.push(line, await peer.octets(Number(line.split(' ')[1])));
    await peer.say('250 2.0.0 ok\r\n');
  };
  const { session } = await introduced({ offers: ['CHUNKING'], on: { BDAT } });
  expect(await session.bdat('.\r\na\r\n\n')).toMatchObject({ kind: 'reply', stage: 'data' });
  expect(await session.data()).toMatchObject({ kind: 'withheld', rule: 'EXT-07' });
  expect(await session.bdat(Buffer.from([0, 255]))).toMatchObject({ kind: 'reply' });
  expect(await session.bdat('', { last: true })).toMatchObject({ kind: 'reply', stage: 'message' });
  expect(chunks).toEqual(['BDAT 7', '.\r\na\r\n\n', 'BDAT 2', '\x00\xff', 'BDAT 0 LAST', '']);
  expect(await session.data()).toMatchObject({ reply: { code: 354 } });
});

test('EXT-07 BDAT is withheld where CHUNKING is not offered', async () => {
  const { session } = await introduced({});
  expect(await session.bdat('x', { last: true })).toMatchObject({
    kind: 'withheld',
    rule: 'EXT-07',
    command: 'BDAT 1 LAST',
  });
});

test('EXT-08 BINARYMIME needs CHUNKING too, and does not travel by DATA', async () => {
  const without = await introduced({ offers: ['BINARYMIME'] });
  expect(await without.session.mail('a@example.net', { BODY: 'BINARYMIME' })).toMatchObject({
    kind: 'withheld',
    rule: 'EXT-07',
  });
  const { session } = await introduced({ offers: ['BINARYMIME', 'CHUNKING'] });
  await session.mail('a@example.net', { BODY: 'BINARYMIME' });
  expect(await session.data()).toMatchObject({ kind: 'withheld', rule: 'EXT-08' });
  await session.rset();
  expect(await session.data()).toMatchObject({ kind: 'reply' });
});

test('DAT-04 a message may be the first of a group', async () => {
  const { session, server } = await introduced({ offers: ['PIPELINING'] });
  await session.data();
  expect(await session.pipeline([commands.message('hello'), commands.rset])).toMatchObject([
    { stage: 'message', reply: { code: 250 } },
    { stage: 'command', reply: { code: 250 } },
  ]);
  expect(server.lines.slice(-4)).toEqual(['DATA', 'hello', '.', 'RSET']);
});
