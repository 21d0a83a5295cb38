import { describe, expect, test } from 'vitest';
import type { Session } from '../../src/probe/session.ts';
import { Session as Sessions } from '../../src/probe/session.ts';
import type { Got } from '../../src/probe/withheld.ts';
import { type Stage, stageFacts } from '../../src/smtp/stage.ts';
import type { Ending } from '../../src/transcript/ending.ts';
import { atHost, serve } from './helpers/at-host.ts';
import { cut, fin, type Manners, type Reaction, rst, silence } from './helpers/host.ts';

interface Place {
  readonly stage: Stage;
  readonly verb: string;
  readonly command: string;
  readonly go: (session: Session) => Promise<Got>;
}

const message = 'Subject: hello\r\n\r\nhello\r\n';

const places: readonly Place[] = [
  { stage: 'ehlo', verb: 'EHLO', command: 'EHLO probe.example.net', go: (s) => s.ehlo('probe.example.net') },
  { stage: 'ehlo', verb: 'HELO', command: 'HELO probe.example.net', go: (s) => s.helo('probe.example.net') },
  {
    stage: 'starttls',
    verb: 'STARTTLS',
    command: 'STARTTLS',
    go: async (s) => {
      await s.ehlo('p.example');
      return s.starttls();
    },
  },
  {
    stage: 'auth',
    verb: 'AUTH',
    command: 'AUTH PLAIN ****',
    go: async (s) => {
      await s.ehlo('p.example');
      return s.auth({ user: 'ada', password: 'secret' });
    },
  },
  { stage: 'mail', verb: 'MAIL', command: 'MAIL FROM:<a@example.net>', go: (s) => s.mail('a@example.net') },
  { stage: 'rcpt', verb: 'RCPT', command: 'RCPT TO:<b@example.net>', go: (s) => s.rcpt('b@example.net') },
  { stage: 'data', verb: 'DATA', command: 'DATA', go: (s) => s.data() },
  {
    stage: 'message',
    verb: 'message',
    command: '.',
    go: async (s) => {
      await s.data();
      return s.message(message);
    },
  },
  { stage: 'command', verb: 'NOOP', command: 'NOOP', go: (s) => s.noop() },
  { stage: 'command', verb: 'RSET', command: 'RSET', go: (s) => s.rset() },
  { stage: 'quit', verb: 'QUIT', command: 'QUIT', go: (s) => s.quit() },
];

const ways: Readonly<Record<string, { reaction: Reaction; expected: (stage: Stage) => Partial<Ending> }>> = {
  FIN: { reaction: fin, expected: () => ({ kind: 'disconnected', how: 'closed' }) },
  RST: { reaction: rst, expected: () => ({ kind: 'disconnected', how: 'reset' }) },
  silence: {
    reaction: silence,
    expected: (stage) => ({ kind: 'timed-out', after: stageFacts[stage].patience }),
  },
  'a cut reply': { reaction: cut, expected: () => ({ kind: 'disconnected', how: 'closed' }) },
  nonsense: {
    reaction: 'HTTP/1.1 400 Bad Request',
    expected: () => ({ kind: 'misspoke', why: 'not a reply', bytes: 'HTTP/1.1 400 Bad Request' }),
  },
};

const mannersWith = (verb: string, reaction: Reaction): Manners => ({
  offers: ['STARTTLS', 'AUTH PLAIN'],
  on: { [verb]: reaction },
});

for (const [way, { reaction, expected }] of Object.entries(ways)) {
  describe(`${way} ends the session`, () => {
    test('at the greeting', async () => {
      const { session, greeting } = await atHost({ greeting: reaction });
      expect(greeting).toMatchObject({
        ...expected('greeting'),
        stage: 'greeting',
        tls: false,
        lastSent: '',
      });
      expect(greeting).not.toHaveProperty('command');
      expect(session.ended).toBe(greeting);
    });

    for (const { stage, verb, command, go } of places) {
      test(`in reply to ${verb}`, async () => {
        const { session, server } = await atHost(mannersWith(verb, reaction));
        const before = server.clock.now();
        const got = await go(session);
        expect(got).toMatchObject({ ...expected(stage), stage, command, tls: false });
        expect(session.ended).toEqual(got);
        expect(session.transcript.events.at(-1)).toEqual({
          at: server.clock.now(),
          tls: false,
          kind: 'ended',
          ending: got,
        });
        const ending = got as Ending;
        expect(ending.lastSent.endsWith('\r\n')).toBe(true);
        expect(ending.lastSent.length).toBeLessThanOrEqual(80);
        expect(ending.elapsed).toBe(server.clock.now() - before);
        if (way === 'a cut reply') expect(ending.lastReceived).toMatch(/25$/);
        if (way === 'silence') expect(ending.elapsed).toBe(stageFacts[stage].patience);
      });
    }
  });
}

test('a session that is over says so again, and sends nothing', async () => {
  const { session, server } = await atHost({ on: { NOOP: rst } });
  const ending = await session.noop();
  expect(await session.mail('a@example.net')).toBe(ending);
  expect(
    await session.pipeline([{ stage: 'rcpt', line: 'RCPT TO:<b@example.net>' }], { force: true }),
  ).toEqual([ending]);
  expect(server.lines).toEqual(['NOOP']);
});

test('a host that hangs up between two commands has left; the next command is not sent', async () => {
  const { session, server } = await atHost({
    on: {
      NOOP: async (peer) => {
        await peer.say('250 ok\r\n');
        await peer.fin();
      },
    },
  });
  await session.noop();
  await server.clock.sleep(1);
  expect(session.transcript.events.at(-1)).toMatchObject({ kind: 'left', how: 'closed' });
  const got = await session.mail('a@example.net');
  expect(got).toMatchObject({ kind: 'disconnected', how: 'closed', stage: 'mail', unsolicited: true });
  expect(got).not.toHaveProperty('command');
  expect(server.lines).toEqual(['NOOP']);
});

test('a connection that is refused, cannot be routed or is not answered', async () => {
  const server = await serve({});
  server.failures
    .set('192.0.2.1', 'ECONNREFUSED')
    .set('192.0.2.2', 'EHOSTUNREACH')
    .set('192.0.2.3', 'ETIMEDOUT');
  server.failures.set('192.0.2.4', 'silence');
  const open = async (address: string) =>
    (await Sessions.open(server.environment, { host: 'mx', address, port: 25 })).greeting;
  expect(await open('192.0.2.1')).toMatchObject({
    kind: 'unreachable',
    why: 'refused',
    code: 'ECONNREFUSED',
    stage: 'connect',
  });
  expect(await open('192.0.2.2')).toMatchObject({
    kind: 'unreachable',
    why: 'no-route',
    code: 'EHOSTUNREACH',
  });
  expect(await open('192.0.2.3')).toMatchObject({ kind: 'unreachable', why: 'timed-out' });
  expect(await open('192.0.2.4')).toMatchObject({
    kind: 'unreachable',
    why: 'timed-out',
    elapsed: stageFacts.connect.patience,
  });
});

test('a dial that is ours to blame is passed on', async () => {
  const server = await serve({});
  const environment = { ...server.environment, dial: () => Promise.reject(new Error('not in the lab')) };
  await expect(Sessions.open(environment, { host: 'mx', address: '192.0.2.1', port: 25 })).rejects.toThrow(
    'not in the lab',
  );
});

test('a reply that lies unread when our write fails is not lost', async () => {
  for (const how of ['rst', 'fin'] as const) {
    const { session, server } = await atHost({});
    await session.noop();
    const peer = server.peers[0];
    if (!peer) throw new Error('nobody came');
    // In one turn of the event loop: the kernel has the reply and the end before our write, our client has read neither.
    peer.socket.write('421 4.4.2 idle too long\r\n');
    peer.raw.pause();
    if (how === 'rst') peer.raw.resetAndDestroy();
    else peer.raw.destroy();
    const got = await session.noop();
    expect(got).toMatchObject({ kind: 'reply', reply: { code: 421 } });
    expect(await session.noop()).toMatchObject({ kind: 'disconnected' });
  }
});
