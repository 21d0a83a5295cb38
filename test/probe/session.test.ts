import { once } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import { atHost, introduced } from './helpers/at-host.ts';
import { fin } from './helpers/host.ts';

for (const refusal of ['500 5.5.2 what?', '502 5.5.1 no', '503 no', '504 no', '555 no']) {
  test(`SES-01 HELO follows when EHLO gets ${refusal}`, async () => {
    const { session, server } = await atHost({ on: { EHLO: refusal } });
    expect(await session.hello('probe.example.net')).toMatchObject({ kind: 'reply', reply: { code: 250 } });
    expect(server.lines).toEqual(['EHLO probe.example.net', 'HELO probe.example.net']);
    expect(session.capabilities.size).toBe(0);
    expect(await session.mail('a@example.net', { SIZE: 10 })).toMatchObject({
      kind: 'withheld',
      rule: 'SYN-18',
    });
  });
}

for (const refusal of [
  '421 4.7.0 later',
  '450 later',
  '521 never',
  '550 not you',
  '554 5.7.1 no',
  '501 5.7.1 policy',
]) {
  test(`SES-01 no HELO follows when EHLO gets ${refusal}`, async () => {
    const { session, server } = await atHost({ on: { EHLO: refusal } });
    expect(await session.hello('probe.example.net')).toMatchObject({
      reply: { code: Number(refusal.slice(0, 3)) },
    });
    expect(server.lines).toEqual(['EHLO probe.example.net']);
  });
}

test('SES-01 no HELO follows when the host hangs up on EHLO', async () => {
  const { session, server } = await atHost({ on: { EHLO: fin } });
  expect(await session.hello('probe.example.net')).toMatchObject({ kind: 'disconnected', stage: 'ehlo' });
  expect(server.lines).toHaveLength(1);
});

test('SES-02 a HELO reply offers nothing, whatever it says', async () => {
  const { session } = await atHost({ on: { HELO: '250-mx\r\n250 PIPELINING' } });
  await session.helo('probe.example.net');
  expect(session.capabilities.size).toBe(0);
});

test('SES-03 keywords are read without regard to case, and unknown ones do no harm', async () => {
  const { session } = await introduced({ offers: ['PiPeLiNiNg', 'FOO bar=1', 'size 1000', 'AUTH=LOGIN'] });
  expect([...session.capabilities]).toEqual([
    ['PIPELINING', []],
    ['FOO', ['bar=1']],
    ['SIZE', ['1000']],
    ['AUTH', ['LOGIN']],
  ]);
});

test('SES-03 the first line of the reply is no keyword', async () => {
  const { session } = await atHost({ on: { EHLO: '250 PIPELINING' } });
  await session.ehlo('probe.example.net');
  expect(session.capabilities.size).toBe(0);
});

test('SES-04 the latest EHLO reply counts, and a refused one changes nothing', async () => {
  let times = 0;
  const { session } = await atHost({
    on: {
      EHLO: (peer) =>
        peer.say(['250-mx\r\n250 SIZE\r\n', '550 no\r\n', '250-mx\r\n250 DSN\r\n'][times++] ?? ''),
    },
  });
  await session.ehlo('a.example');
  expect([...session.capabilities.keys()]).toEqual(['SIZE']);
  await session.ehlo('a.example');
  expect([...session.capabilities.keys()]).toEqual(['SIZE']);
  await session.ehlo('a.example');
  expect([...session.capabilities.keys()]).toEqual(['DSN']);
});

test('SES-09 no message is sent without 354', async () => {
  const { session, server } = await atHost({ on: { DATA: '554 5.5.1 no valid recipients' } });
  expect(await session.data()).toMatchObject({ reply: { code: 554 } });
  expect(await session.message('MAIL FROM:<x@example.net>\r\n')).toEqual({
    kind: 'withheld',
    stage: 'message',
    command: '.',
    rule: 'SES-09',
    why: 'the host has not said 354',
  });
  expect(server.lines).toEqual(['DATA']);
});

test('SES-09 an empty message is the lone dot', async () => {
  const { session, server } = await atHost({});
  await session.data();
  expect(await session.message('')).toMatchObject({ reply: { code: 250 } });
  expect(server.lines).toEqual(['DATA', '.']);
});

test('SES-09 no command is sent where a message is due', async () => {
  const { session, server } = await atHost({});
  await session.data();
  expect(await session.rset()).toMatchObject({ kind: 'withheld', rule: 'SES-09', command: 'RSET' });
  await session.message('hello');
  expect(await session.rset()).toMatchObject({ reply: { code: 250 } });
  expect(server.lines).toEqual(['DATA', 'hello', '.', 'RSET']);
});

test('SES-12 after QUIT the host hangs up first', async () => {
  const { session, server } = await atHost({});
  expect(await session.quit()).toMatchObject({ reply: { code: 221 } });
  const before = server.clock.now();
  await session.disconnect();
  expect(session.transcript.events.at(-1)).toMatchObject({ kind: 'left', how: 'closed' });
  expect(server.clock.now()).toBe(before);
});

test('SES-12 a host that stays after QUIT is left after a while', async () => {
  const { session, server } = await atHost({ stays: true });
  await session.quit();
  const before = server.clock.now();
  await session.disconnect();
  expect(session.transcript.events.at(-1)).toMatchObject({ kind: 'hung-up' });
  expect(server.clock.now()).toBeGreaterThan(before);
  expect(server.clients[0]?.closed).toBe(true);
});

test('hanging up by FIN and by RST, seen from the other side', async () => {
  for (const how of ['close', 'reset'] as const) {
    const { session, server } = await atHost({});
    await session.noop();
    const errors: unknown[] = [];
    const closed = new Promise<void>((resolve) =>
      server.peers[0]?.raw.on('error', (e) => errors.push(e)).once('close', () => resolve()),
    );
    await session.disconnect(how);
    if (how === 'close') expect(server.peers[0]?.gone).toBe(true); // the host knows by now
    await closed;
    expect(errors).toMatchObject(how === 'reset' ? [{ code: 'ECONNRESET' }] : []);
    expect(session.transcript.events.at(-1)).toMatchObject({ kind: 'hung-up' });
    expect(session.ended).toBeUndefined();
    expect(await session.noop()).toMatchObject({ kind: 'withheld', rule: 'SES-12' });
    await session.disconnect();
  }
});

test('hanging up without waiting for the host is done at once', async () => {
  const { session, server } = await atHost({ stays: true });
  await session.send('QUIT\r\n', { expectReplies: 0 });
  const before = server.clock.now();
  await session.disconnect('close', { wait: false });
  expect(server.clock.now()).toBe(before);
  expect(server.clients[0]?.closed).toBe(true);
  expect(session.transcript.events.at(-1)).toMatchObject({ kind: 'hung-up' });
  expect(await session.noop()).toMatchObject({ kind: 'withheld' });
});

for (const second of ['close', 'reset'] as const) {
  test(`hanging up twice at once, the second time by ${second}, leaves nobody waiting`, async () => {
    const { session, server } = await atHost({ stays: true });
    await session.quit();
    await Promise.all([session.disconnect('close'), session.disconnect(second)]);
    expect(server.clients[0]?.closed).toBe(true);
    expect(session.transcript.events.filter(({ kind }) => kind === 'hung-up')).toHaveLength(1);
  });
}

test('hanging up in the middle of a command lets nobody wait for ever', async () => {
  const { session } = await atHost({ on: { NOOP: (peer) => peer.silence() } });
  const waiting = session.noop();
  await session.disconnect('reset');
  expect(await waiting).toMatchObject({ kind: 'disconnected', command: 'NOOP' });
});

test('SES-16 EXPN is for hosts that list it, VRFY for all', async () => {
  const { session, server } = await introduced({});
  expect(await session.vrfy('anyone')).toMatchObject({ reply: { code: 252 } });
  expect(await session.expn('staff')).toMatchObject({ kind: 'withheld', rule: 'SES-16' });
  expect(await session.expn('staff', { force: true })).toMatchObject({ reply: { code: 502 } });
  expect(server.lines.slice(1)).toEqual(['VRFY anyone', 'EXPN staff']);
});

test('every command as it travels', async () => {
  const { session, server } = await introduced({});
  await session.helo('[192.0.2.7]');
  await session.mail('');
  await session.rcpt('PostMaster');
  await session.rset();
  await session.noop();
  await session.noop('hello there');
  await session.help();
  await session.help('MAIL');
  await session.send('XYZZY\r\nFOO\r\n', { expectReplies: 2 });
  expect(server.lines).toEqual([
    'EHLO probe.example.net',
    'HELO [192.0.2.7]',
    'MAIL FROM:<>',
    'RCPT TO:<PostMaster>',
    'RSET',
    'NOOP',
    'NOOP hello there',
    'HELP',
    'HELP MAIL',
    'XYZZY',
    'FOO',
  ]);
});

test('raw bytes travel as they are and get as many answers as asked for', async () => {
  const { session, server } = await atHost({});
  expect(await session.send('NOOP\nstill the same line\r\n')).toMatchObject([
    { stage: 'command', reply: { code: 500 } },
  ]);
  expect(await session.send(Buffer.from([0x4e, 0xff, 0x00, 0x0d, 0x0a]), { expectReplies: 0 })).toEqual([]);
  expect(await session.next()).toMatchObject({ reply: { code: 500 }, unsolicited: true });
  expect(server.lines).toEqual(['NOOP\nstill the same line', 'N\xff\x00']);
});

test('the transcript has every line with its time, and ends with the ending', async () => {
  const { session, server } = await atHost(
    {
      on: {
        NOOP: async (peer) => {
          await peer.sleep(250);
          await peer.say('250 ok\r\n');
        },
      },
    },
    { from: '203.0.113.5' },
  );
  const started = server.clock.now();
  await session.ehlo('probe.example.net');
  await session.noop();
  expect(session.transcript).toMatchObject({ host: 'mx.example.net', from: '203.0.113.5' });
  expect(session.transcript.events).toEqual([
    { at: started, tls: false, kind: 'connected', host: 'mx.example.net', address: '192.0.2.1', port: 25 },
    { at: started, tls: false, kind: 'received', lines: ['220 mx.example.net ESMTP'], bytes: 26 },
    { at: started, tls: false, kind: 'sent', lines: ['EHLO probe.example.net'], bytes: 24 },
    { at: started, tls: false, kind: 'received', lines: ['250 mx.example.net greets you'], bytes: 31 },
    { at: started, tls: false, kind: 'sent', lines: ['NOOP'], bytes: 6 },
    { at: started + 250, tls: false, kind: 'received', lines: ['250 ok'], bytes: 8 },
  ]);
});

test('nothing is left behind when a session is over', async () => {
  const ends = {
    quit: async () => {
      const { session, server } = await atHost({});
      await session.quit();
      await session.disconnect();
      return server;
    },
    'broken off': async () => {
      const { session, server } = await atHost({ on: { NOOP: fin } });
      await session.noop();
      return server;
    },
    'timed out': async () => {
      const { session, server } = await atHost({ on: { NOOP: (peer) => peer.silence() } });
      await session.noop();
      return server;
    },
  };
  for (const [name, end] of Object.entries(ends)) {
    const { clock, clients } = await end();
    const before = clock.now();
    await clock.sleep(1);
    expect(clock.now(), name).toBe(before + 1); // no alarm of an hour, no hold
    const client = clients[0] as Socket;
    if (!client.closed) await once(client, 'close');
    expect(client.destroyed, name).toBe(true);
  }
});
