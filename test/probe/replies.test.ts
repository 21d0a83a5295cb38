import { expect, test } from 'vitest';
import { Session } from '../../src/probe/session.ts';
import { atHost, introduced, serve } from './helpers/at-host.ts';

test('REP-01 a first digit outside 2 to 5 ends the session', async () => {
  const { session } = await atHost({ on: { RCPT: '199 hello' } });
  expect(await session.rcpt('a@example.net')).toMatchObject({
    kind: 'misspoke',
    stage: 'rcpt',
    bytes: '199 hello',
  });
  expect(session.ended).toBeDefined();
});

for (const nonsense of ['25 ok', '2500 ok', '250_ok', 'ok', '\x00\x01\x02', '\xff\xfe', ' 250 ok', '']) {
  test(`REP-01 ${JSON.stringify(nonsense)} is no reply`, async () => {
    const { session } = await atHost({ on: { NOOP: `${nonsense}\r\n` } });
    expect(await session.noop()).toMatchObject({ kind: 'misspoke', stage: 'command', command: 'NOOP' });
  });
}

test('REP-02 text that looks like a code means nothing', async () => {
  const { session } = await atHost({ on: { NOOP: '250-first\r\n250-234 middle\r\n250 last' } });
  expect(await session.noop()).toMatchObject({
    reply: { code: 250, lines: ['first', '234 middle', 'last'] },
  });
});

test('REP-03 a bare code is a reply, and is noted', async () => {
  const { session } = await atHost({ on: { NOOP: '250' } });
  expect(await session.noop()).toMatchObject({
    reply: { code: 250, lines: [''], oddities: ['code without text'] },
  });
});

test('REP-04 unknown codes are replies like others', async () => {
  const { session } = await atHost({ on: { RCPT: '299 fine', MAIL: '599 no' } });
  expect(await session.mail('a@example.net')).toMatchObject({ kind: 'reply', reply: { code: 599 } });
  expect(await session.rcpt('a@example.net')).toMatchObject({ kind: 'reply', reply: { code: 299 } });
});

test('REP-06 nothing is sent before the last line of the greeting', async () => {
  const server = await serve(async (peer) => {
    await peer.say('220-mx.example teaser\r\n');
    await peer.sleep(6_000);
    expect(peer.unread).toBe('');
    await peer.say('220 mx.example ESMTP\r\n');
    await peer.line();
    await peer.say('250 ok\r\n');
  });
  const { session, greeting } = await Session.open(server.environment, {
    host: 'mx',
    address: '192.0.2.1',
    port: 25,
  });
  expect(greeting).toMatchObject({
    elapsed: 6_000,
    reply: { lines: ['mx.example teaser', 'mx.example ESMTP'] },
  });
  expect(await session.ehlo('probe.example.net')).toMatchObject({ kind: 'reply' });
});

test('REP-07 a refusing greeting is a reply, and the session can still say QUIT', async () => {
  const { session, greeting } = await atHost({ greeting: '554 5.7.1 not you' });
  expect(greeting).toMatchObject({ kind: 'reply', stage: 'greeting', reply: { code: 554 } });
  expect(await session.quit()).toMatchObject({ reply: { code: 221 } });
});

test('REP-08 a 421 that came before a command is not the reply to it', async () => {
  const { session, server } = await atHost({
    on: { MAIL: '250 2.1.0 ok\r\n421 4.3.2 shutting down' },
  });
  expect(await session.mail('a@example.net')).toMatchObject({ reply: { code: 250 } });
  const got = await session.rcpt('b@example.net');
  expect(got).toMatchObject({ kind: 'reply', unsolicited: true, elapsed: 0, reply: { code: 421 } });
  expect(server.lines).toEqual(['MAIL FROM:<a@example.net>']);
  expect(session.ended).toMatchObject({ kind: 'disconnected', unsolicited: true });
  expect(await session.rcpt('b@example.net')).toMatchObject({ kind: 'disconnected', stage: 'rcpt' });
  expect(session.transcript.events.map(({ kind }) => kind)).toEqual([
    'connected',
    'received',
    'sent',
    'received',
    'received',
    'hung-up',
  ]);
  expect(session.transcript.events[4]).toMatchObject({
    unsolicited: true,
    lines: ['421 4.3.2 shutting down'],
  });
});

test('REP-08 the first answer of a group is the 421 that had come, and none of it is sent', async () => {
  const { session, server } = await atHost({ greeting: '220 hi\r\n421 bye' });
  const got = await session.pipeline(
    [
      { stage: 'mail', line: 'MAIL FROM:<>' },
      { stage: 'rcpt', line: 'RCPT TO:<b@example.net>' },
    ],
    { force: true },
  );
  expect(got).toMatchObject([
    { kind: 'reply', unsolicited: true, stage: 'mail' },
    { kind: 'disconnected', unsolicited: true, stage: 'rcpt' },
  ]);
  expect(server.lines).toEqual([]);
});

test('REP-08 a 421 and a FIN to an idle client are heard by who listens, and told to who goes on', async () => {
  const idle = {
    on: {
      NOOP: async (peer: {
        say(t: string): Promise<void>;
        sleep(n: number): Promise<void>;
        fin(): Promise<void>;
      }) => {
        await peer.say('250 ok\r\n');
        await peer.sleep(300_000);
        await peer.say('421 4.4.2 idle too long\r\n');
        await peer.fin();
      },
    },
  };
  const listening = await atHost(idle);
  await listening.session.noop();
  expect(await listening.session.next({ patience: 600_000 })).toMatchObject({
    kind: 'reply',
    unsolicited: true,
    elapsed: 300_000,
    reply: { code: 421 },
  });
  expect(await listening.session.next()).toMatchObject({
    kind: 'disconnected',
    how: 'closed',
    unsolicited: true,
  });
  expect(listening.session.transcript.events.at(-1)).toMatchObject({ kind: 'left' });

  const going = await atHost(idle);
  await going.session.noop();
  await going.server.clock.sleep(400_000);
  expect(await going.session.mail('a@example.net')).toMatchObject({
    reply: { code: 421 },
    unsolicited: true,
  });
  expect(await going.session.mail('a@example.net')).toMatchObject({
    kind: 'disconnected',
    unsolicited: true,
    stage: 'mail',
  });
});

test('a doubled reply does not put the count out', async () => {
  const { session } = await atHost({ on: { MAIL: '250 ok\r\n250 ok', RCPT: '550 5.1.1 no' } });
  await session.mail('a@example.net');
  expect(await session.rcpt('b@example.net')).toMatchObject({ reply: { code: 550 } });
  expect(
    session.transcript.events.filter((event) => event.kind === 'received' && event.unsolicited),
  ).toHaveLength(1);
  expect(await session.next({ patience: 1_000 })).toMatchObject({ kind: 'timed-out' }); // it is over and done with
});

test('REP-09 a close is told with the command it came to', async () => {
  const { session } = await introduced({
    offers: ['PIPELINING'],
    on: {
      MAIL: async (peer) => {
        await peer.say('550 5.7.1 blocked\r\n');
        await peer.fin();
      },
    },
  });
  const got = await session.pipeline([
    { stage: 'mail', line: 'MAIL FROM:<a@example.net>' },
    { stage: 'rcpt', line: 'RCPT TO:<b@example.net>' },
    { stage: 'data', line: 'DATA' },
  ]);
  expect(got).toMatchObject([
    { kind: 'reply', reply: { code: 550, enhanced: '5.7.1' } },
    { kind: 'disconnected', how: 'closed', stage: 'rcpt', command: 'RCPT TO:<b@example.net>' },
    { kind: 'disconnected', how: 'closed', stage: 'data', command: 'DATA' },
  ]);
  expect(session.ended).toBe(got[1]);
});

test('REP-10 REP-11 codes are kept as they came, also when they disagree', async () => {
  const { session } = await atHost({ on: { RCPT: '550 4.7.1 no', MAIL: '250 fine' } });
  expect(await session.mail('a@example.net')).not.toHaveProperty('reply.enhanced');
  expect(await session.rcpt('a@example.net')).toMatchObject({ reply: { code: 550, enhanced: '4.7.1' } });
});

test('REP-13 a code from outside the table is told like any other', async () => {
  const { session } = await atHost({ on: { MAIL: '450 later', RCPT: '554 no' } });
  expect(await session.mail('a@example.net')).toMatchObject({
    kind: 'reply',
    stage: 'mail',
    reply: { code: 450 },
  });
  expect(await session.rcpt('a@example.net')).toMatchObject({
    kind: 'reply',
    stage: 'rcpt',
    reply: { code: 554 },
  });
});

test('listening in vain ends nothing', async () => {
  const { session } = await atHost({});
  expect(await session.next({ patience: 2_000 })).toMatchObject({
    kind: 'timed-out',
    after: 2_000,
    elapsed: 2_000,
  });
  expect(session.ended).toBeUndefined();
  expect(await session.noop()).toMatchObject({ reply: { code: 250 } });
});

test('the patience of one command overrides that of its stage', async () => {
  const manners = {
    on: {
      NOOP: async (peer: { sleep(n: number): Promise<void>; say(t: string): Promise<void> }) => {
        await peer.sleep(9_000);
        await peer.say('250 ok\r\n');
      },
    },
  };
  const patient = await atHost(manners, { patience: { command: 5_000 } });
  expect(await patient.session.noop(undefined, { patience: 10_000 })).toMatchObject({
    kind: 'reply',
    elapsed: 9_000,
  });
  expect(await patient.session.noop()).toMatchObject({ kind: 'timed-out', after: 5_000 });
});

test('a second command while one is in flight is our own mistake', async () => {
  const { session } = await atHost({
    on: {
      NOOP: async (peer) => {
        await peer.sleep(1_000);
        await peer.say('250 ok\r\n');
      },
    },
  });
  const first = session.noop();
  await expect(session.noop()).rejects.toThrow('in flight');
  expect(await first).toMatchObject({ kind: 'reply' });
});
