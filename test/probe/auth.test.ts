import { createHmac } from 'node:crypto';
import { expect, test } from 'vitest';
import type { AuthOptions, Session } from '../../src/probe/session.ts';
import { introduced } from './helpers/at-host.ts';
import { certificate } from './helpers/certificates.ts';
import type { Manners } from './helpers/host.ts';
import type { Peer } from './helpers/scripted-server.ts';

const b64 = (text: string): string => Buffer.from(text).toString('base64');
const password = 'correct horse';
const ada = { user: 'ada', password };

/** Says challenges in turn, then a verdict; keeps what the client says. */
function exchange(
  challenges: readonly string[],
  verdict = '235 2.7.0 welcome',
): { on: Manners['on']; said: string[] } {
  const said: string[] = [];
  const AUTH = async (peer: Peer, line: string): Promise<void> => {
    said.push(line);
    for (const challenge of challenges) {
      await peer.say(`${challenge}\r\n`);
      const answer = await peer.line();
      said.push(answer);
      if (answer === '*') return peer.say('501 5.7.0 cancelled\r\n');
    }
    await peer.say(`${verdict}\r\n`);
  };
  return { on: { AUTH }, said };
}

const loggedIn = { kind: 'reply', stage: 'auth', reply: { code: 235 } };

test('AUT-02 PLAIN gives its response with the command', async () => {
  const { on, said } = exchange([]);
  const { session } = await introduced({ offers: ['AUTH PLAIN'], ...(on ? { on } : {}) });
  expect(await session.auth(ada)).toMatchObject(loggedIn);
  expect(said).toEqual([`AUTH PLAIN ${b64(`\0ada\0${password}`)}`]);
});

test('AUT-02 AUT-06 a response too long for the line comes after the challenge', async () => {
  const { on, said } = exchange(['334 ']);
  const { session } = await introduced({ offers: ['AUTH PLAIN'], ...(on ? { on } : {}) });
  const long = 'x'.repeat(2_000);
  expect(await session.auth({ user: 'ada', password: long })).toMatchObject(loggedIn);
  expect(said).toEqual(['AUTH PLAIN', b64(`\0ada\0${long}`)]);
});

test('AUT-03 an empty challenge may come without its blank', async () => {
  const { on, said } = exchange(['334']);
  const { session } = await introduced({ offers: ['AUTH PLAIN'], ...(on ? { on } : {}) });
  const long = 'x'.repeat(2_000);
  expect(await session.auth({ user: 'ada', password: long })).toMatchObject(loggedIn);
  expect(said).toHaveLength(2);
});

test('LOGIN answers two challenges', async () => {
  const { on, said } = exchange([`334 ${b64('Username:')}`, `334 ${b64('Password:')}`]);
  const { session } = await introduced({ offers: ['AUTH LOGIN'], ...(on ? { on } : {}) });
  expect(await session.auth(ada)).toMatchObject(loggedIn);
  expect(said).toEqual(['AUTH LOGIN', b64('ada'), b64(password)]);
});

test('CRAM-MD5 answers the challenge with a digest', async () => {
  // The example of RFC 2195 2.
  const { on, said } = exchange(['334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5uZXQ+']);
  const { session } = await introduced({ offers: ['AUTH CRAM-MD5'], ...(on ? { on } : {}) });
  expect(await session.auth({ user: 'tim', password: 'tanstaaftanstaaf' })).toMatchObject(loggedIn);
  expect(said).toEqual(['AUTH CRAM-MD5', 'dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw']);
});

test('XOAUTH2 gives its token with the command', async () => {
  const { on, said } = exchange([]);
  const { session } = await introduced({ offers: ['AUTH PLAIN XOAUTH2'], ...(on ? { on } : {}) });
  expect(await session.auth({ user: 'ada', token: 'ya29.token' })).toMatchObject(loggedIn);
  expect(said).toEqual([`AUTH XOAUTH2 ${b64('user=ada\x01auth=Bearer ya29.token\x01\x01')}`]);
});

test('XOAUTH2 answers a challenge that tells an error by an empty line', async () => {
  const { on, said } = exchange([`334 ${b64('{"status":"400"}')}`], '535 5.7.8 no');
  const { session } = await introduced({ offers: ['AUTH XOAUTH2'], ...(on ? { on } : {}) });
  expect(await session.auth({ user: 'ada', token: 'ya29.token' })).toMatchObject({
    kind: 'reply',
    reply: { code: 535 },
  });
  expect(said.slice(1)).toEqual(['']);
});

for (const [what, challenge] of Object.entries({
  'not base64': '334 Username:',
  'padding in the middle': '334 a=bc',
  'several lines': '334-abcd\r\n334 abcd',
})) {
  test(`AUT-04 AUT-05 a challenge that cannot be decoded is cancelled: ${what}`, async () => {
    const { on, said } = exchange([challenge]);
    const { session } = await introduced({ offers: ['AUTH LOGIN'], ...(on ? { on } : {}) });
    expect(await session.auth(ada)).toMatchObject({ kind: 'reply', reply: { code: 501 } });
    expect(said).toEqual(['AUTH LOGIN', '*']);
  });
}

for (const [mechanism, credentials, challenges] of [
  ['PLAIN', ada, ['334 ']],
  ['LOGIN', ada, ['334 ', '334 ', '334 ']],
  ['CRAM-MD5', ada, ['334 ']],
  ['XOAUTH2', { user: 'ada', token: 'ya29.token' }, ['334 ', '334 ']],
] as const) {
  test(`AUT-04 a challenge that ${mechanism} has no answer to is cancelled`, async () => {
    const { on, said } = exchange([...challenges, ...new Array<string>(5).fill('334 ')]);
    const { session } = await introduced({ offers: [`AUTH ${mechanism}`], ...(on ? { on } : {}) });
    expect(await session.auth(credentials)).toMatchObject({ kind: 'reply', reply: { code: 501 } });
    expect(said).toHaveLength(challenges.length + 1);
    expect(said.at(-1)).toBe('*');
  });
}

test('AUT-01 the best of the mechanisms offered is taken, and another one under TLS', async () => {
  const { on, said } = exchange([`334 ${b64('<1@mx>')}`]);
  const offers = ['STARTTLS', 'AUTH LOGIN PLAIN CRAM-MD5'];
  const { session } = await introduced({
    offers,
    pair: await certificate('mx.example.net'),
    ...(on ? { on } : {}),
  });
  await session.auth(ada);
  expect(said[1]).toBe(b64(`ada ${createHmac('md5', password).update('<1@mx>').digest('hex')}`));
  await session.starttls();
  await session.ehlo('probe.example.net');
  await session.auth(ada);
  expect(said[2]).toMatch(/^AUTH PLAIN /);
});

test('AUT-01 without a usable mechanism nothing is sent', async () => {
  const { session, server } = await introduced({ offers: ['AUTH GSSAPI NTLM'] });
  expect(await session.auth(ada)).toEqual({
    kind: 'withheld',
    stage: 'auth',
    command: 'AUTH',
    rule: 'AUT-01',
    why: 'the host offers GSSAPI, NTLM',
  });
  expect(await session.auth({ ...ada, mechanism: 'PLAIN' })).toMatchObject({
    kind: 'withheld',
    rule: 'AUT-01',
  });
  expect(server.lines).toHaveLength(1);
  expect(await session.auth({ ...ada, mechanism: 'PLAIN', force: true })).toMatchObject({
    kind: 'reply',
    reply: { code: 500 },
  });
  const none = await introduced({});
  expect(await none.session.auth(ada)).toMatchObject({
    kind: 'withheld',
    why: 'the host offers no way to log in',
  });
});

test('AUT-07 a refusal is a reply, and AUT-09 leaves the session as it was', async () => {
  const { session } = await introduced({ offers: ['AUTH PLAIN'], on: { AUTH: '535 5.7.8 wrong' } });
  for (let i = 0; i < 3; i++)
    expect(await session.auth(ada)).toMatchObject({ kind: 'reply', reply: { code: 535, enhanced: '5.7.8' } });
  expect(await session.noop()).toMatchObject({ reply: { code: 250 } });
});

test('AUT-08 nobody logs in twice', async () => {
  const { session } = await introduced({ offers: ['AUTH PLAIN'], on: { AUTH: '235 ok' } });
  await session.auth(ada);
  expect(await session.auth(ada)).toMatchObject({
    kind: 'withheld',
    rule: 'AUT-08',
    command: 'AUTH PLAIN ****',
  });
  expect(await session.auth({ ...ada, force: true })).toMatchObject({ kind: 'reply' });
});

test('credentials of the wrong kind are our own mistake', async () => {
  const { session } = await introduced({ offers: ['AUTH PLAIN XOAUTH2'] });
  await expect(session.auth({ user: 'ada', mechanism: 'PLAIN', token: 'x' })).rejects.toThrow(
    'needs a password',
  );
  await expect(session.auth({ ...ada, mechanism: 'XOAUTH2' })).rejects.toThrow('needs a token');
  await expect(session.auth({ user: 'a\0b', password: 'x' })).rejects.toThrow(TypeError);
});

const secret = 's3cret-Pass/word+1';

const everyWay: readonly [string, AuthOptions, readonly string[]][] = [
  ['PLAIN', { user: 'ada', password: secret }, []],
  ['PLAIN', { user: 'u'.repeat(600), password: secret }, ['334 ']],
  ['LOGIN', { user: 'ada', password: secret }, ['334 VXNlcm5hbWU6', '334 UGFzc3dvcmQ6']],
  ['CRAM-MD5', { user: 'ada', password: secret }, [`334 ${b64('<1@mx>')}`]],
  ['XOAUTH2', { user: 'ada', token: secret }, [`334 ${b64('{}')}`]],
];

const verdicts: Readonly<Record<string, (peer: Peer, said: readonly string[]) => Promise<void>>> = {
  'is let in': (peer) => peer.say('235 ok\r\n'),
  'is refused by a host that repeats what it was told': async (peer, said) =>
    peer.say(
      `535-5.7.8 ${secret}\r\n${said.map((line) => `535-5.7.8 ${line}\r\n`).join('')}535 5.7.8 not ${secret}!\r\n`,
    ),
  'is cut off': (peer) => peer.fin(),
  'is cut off in the middle of being repeated': async (peer, said) => {
    await peer.say(`535 ${said.at(-1) ?? ''} ${secret}`);
    await peer.fin();
  },
  'is cut off in the middle of its own name': async (peer) => {
    await peer.say(`535 not ${secret.slice(0, 10)}`);
    await peer.fin();
  },
  'gets no answer': (peer) => peer.silence(),
  'gets nonsense': async (peer, said) => peer.say(`you said ${said.join(' ')} ${secret}\r\n`),
};

for (const [mechanism, credentials, challenges] of everyWay) {
  for (const [how, verdict] of Object.entries(verdicts)) {
    test(`a password is shown nowhere when ${mechanism} ${challenges.length > 0 ? 'by challenge ' : ''}${how}`, async () => {
      const heard: string[] = [];
      const AUTH = async (peer: Peer, line: string): Promise<void> => {
        heard.push(line);
        for (const challenge of challenges) {
          await peer.say(`${challenge}\r\n`);
          heard.push(await peer.line());
        }
        await verdict(peer, heard);
      };
      const { session } = await introduced({ offers: [`AUTH ${mechanism}`], on: { AUTH } });
      const got = await session.auth(credentials);
      const shown = JSON.stringify([got, session.transcript, session.ended, await session.noop()]);
      expect(shown).toContain('****');
      for (const trace of tracesOf(heard)) expect(shown).not.toContain(trace);
    });
  }
}

/** What would give the password away, in what the host heard: the text itself and every long line of base64. */
function tracesOf(heard: readonly string[]): string[] {
  const user = b64('ada');
  const words = heard
    .flatMap((line) => line.split(' '))
    .filter((word) => word.length >= 8 && word !== user && !/^[A-Z0-9-]+$/.test(word));
  expect(words.length).toBeGreaterThan(0);
  return [secret, secret.slice(0, 10), b64(secret), ...words];
}

test('the secrets of one session are no secrets of another', async () => {
  const open = async (): Promise<Session> =>
    (await introduced({ offers: ['AUTH PLAIN'], on: { AUTH: '235 ok', NOOP: `250 ${secret}` } })).session;
  const first = await open();
  await first.auth({ user: 'ada', password: secret });
  expect(await first.noop()).toMatchObject({ reply: { lines: ['****'] } });
  expect(await (await open()).noop()).toMatchObject({ reply: { lines: [secret] } });
});
