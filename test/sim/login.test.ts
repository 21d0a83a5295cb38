import { createHmac } from 'node:crypto';
import { expect, onTestFinished, test } from 'vitest';
import type { DialogueListener } from '../../src/sim/host-dialogue.ts';
import { Lab } from '../../src/sim/lab.ts';
import { hostOverridesSchema } from '../../src/sim/profile.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';
import { plain, plainLab } from './plain-lab.ts';
import { WireClient } from './walk/wire-client.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const accounts = [{ accounts: { users: { ada: 'lovelace' } } }];
const traits = { accent: { ehlo: ['{host}', 'ENHANCEDSTATUSCODES', 'AUTH PLAIN LOGIN CRAM-MD5 XOAUTH2'] } };
const done = ['235 2.7.0 Authentication successful'];
const failed = ['535 5.7.8 Error: authentication failed'];
const malformed = ['501 5.5.2 Error: authentication exchange is malformed'];

/** A client that has said EHLO, and what a host answers to its lines. */
async function client(
  behaviours: readonly object[] = accounts,
): Promise<{ say: (line: string) => Promise<string[] | undefined> }> {
  const { lab } = await plainLab(behaviours, traits);
  const wire = await WireClient.to(lab, '192.0.2.25');
  await wire.reply();
  const say = (line: string): Promise<string[] | undefined> => {
    wire.write(`${line}\r\n`);
    return wire.reply();
  };
  await say('EHLO probe.example.org');
  return { say };
}

/** Each way to log in: lines by password, of which a function is told what the host has just said. */
type Line = string | ((challenge: string) => string);
const ways: Readonly<Record<string, (password: string) => readonly Line[]>> = {
  'PLAIN at once': (password) => [`AUTH PLAIN ${base64(`\0ada\0${password}`)}`],
  'PLAIN when asked': (password) => ['AUTH PLAIN', base64(`\0ada\0${password}`)],
  'PLAIN in small letters': (password) => [`auth plain ${base64(`\0ada\0${password}`)}`],
  'LOGIN at once': (password) => [`AUTH LOGIN ${base64('ada')}`, base64(password)],
  'LOGIN when asked': (password) => ['AUTH LOGIN', base64('ada'), base64(password)],
  'CRAM-MD5': (password) => [
    'AUTH CRAM-MD5',
    (challenge) => {
      const text = Buffer.from(challenge.slice(4), 'base64').toString();
      expect(text).toMatch(/^<[0-9a-f]{32}\.\d+@mx\.example\.net>$/);
      return base64(`ada ${createHmac('md5', password).update(text).digest('hex')}`);
    },
  ],
  XOAUTH2: (token) => [`AUTH XOAUTH2 ${base64(`user=ada\x01auth=Bearer ${token}\x01\x01`)}`],
};

async function logIn(
  say: (line: string) => Promise<string[] | undefined>,
  lines: readonly Line[],
): Promise<string[] | undefined> {
  let heard: string[] | undefined;
  for (const line of lines) heard = await say(typeof line === 'string' ? line : line(heard?.[0] ?? ''));
  return heard;
}

for (const [way, lines] of Object.entries(ways)) {
  test(`${way}: the right password lets in, once`, async () => {
    const { say } = await client();
    expect(await logIn(say, lines('lovelace'))).toEqual(done);
    expect(await say('AUTH LOGIN')).toEqual(['503 5.5.1 Error: already authenticated']);
    expect((await say('MAIL FROM:<ada@example.org>'))?.[0]).toMatch(/^250/);
  });

  test(`${way}: a wrong password does not, and another try may follow`, async () => {
    const { say } = await client();
    const refusal = await logIn(say, lines('byron'));
    if (way === 'XOAUTH2')
      expect(JSON.parse(Buffer.from(refusal?.[0]?.slice(4) ?? '', 'base64').toString())).toMatchObject({
        status: '401',
      });
    expect(way === 'XOAUTH2' ? await say('') : refusal).toEqual(failed);
    expect(await logIn(say, lines('lovelace'))).toEqual(done);
  });
}

test.each([
  ['PLAIN', ['AUTH PLAIN']],
  ['LOGIN for the name', ['AUTH LOGIN']],
  ['LOGIN for the password', ['AUTH LOGIN', base64('ada')]],
  ['CRAM-MD5', ['AUTH CRAM-MD5']],
] as const)('%s can be called off with *', async (_, lines) => {
  const { say } = await client();
  for (const line of lines) expect((await say(line))?.[0]).toMatch(/^334 /);
  expect((await say('*'))?.[0]).toMatch(/^501 /);
  expect((await say('NOOP'))?.[0]).toMatch(/^250 /);
  expect(await logIn(say, ways['PLAIN at once']?.('lovelace') ?? [])).toEqual(done);
});

test('what is no answer to a challenge is malformed or fails, and the session goes on', async () => {
  const { say } = await client();
  for (const [begin, answer] of [
    ['AUTH PLAIN', '!!!'],
    ['AUTH PLAIN', base64('ada')],
    ['AUTH PLAIN', ''],
    ['AUTH LOGIN', base64('a\0\x1b[31m')],
    ['AUTH CRAM-MD5', base64('x')],
  ] as const) {
    await say(begin);
    expect((await say(answer))?.[0], `${begin} ${answer}`).toMatch(/^(?:501|535|334) /);
    await say('*');
    expect((await say('NOOP'))?.[0]).toMatch(/^250 /);
  }
  expect(await say(`AUTH PLAIN ${base64('ada')}`)).toEqual(malformed);
});

test('an answer longer than a line may be fails the login and not the session', async () => {
  const { say } = await client();
  await say('AUTH PLAIN');
  expect((await say('A'.repeat(20_000)))?.[0]).toMatch(/^500 /);
  expect((await say('NOOP'))?.[0]).toMatch(/^250 /);
  expect(await logIn(say, ways['PLAIN at once']?.('lovelace') ?? [])).toEqual(done);
});

test('a mechanism that is not offered, AUTH within a transaction, AUTH without EHLO', async () => {
  const { say } = await client();
  expect(await say('AUTH GSSAPI')).toEqual(['504 5.5.4 Error: unknown authentication mechanism']);
  expect((await say('AUTH'))?.[0]).toMatch(/^50[14] /);
  await say('MAIL FROM:<ada@example.org>');
  expect(await say('AUTH LOGIN')).toEqual(['503 5.5.1 Error: MAIL transaction in progress']);
});

test('where login is required, MAIL has to wait for it', async () => {
  const { say } = await client([
    { accounts: { users: { ada: 'lovelace' }, 'required-reply': '530 5.7.0 Authentication required' } },
  ]);
  expect(await say('MAIL FROM:<ada@example.org>')).toEqual(['530 5.7.0 Authentication required']);
  expect(await logIn(say, ways['PLAIN at once']?.('lovelace') ?? [])).toEqual(done);
  expect((await say('MAIL FROM:<ada@example.org>'))?.[0]).toMatch(/^250/);
});

test('claim 5: the challenge comes from the seed and the clock of the lab', async () => {
  const challenge = async (): Promise<string | undefined> =>
    (await (await client()).say('AUTH CRAM-MD5'))?.[0];
  expect(await challenge()).toBe(await challenge());
});

test('passwords do not stand in what a host writes down', async () => {
  let close: (written: string) => void = () => {};
  const written = new Promise<string>((resolve) => {
    close = resolve;
  });
  const listener: DialogueListener = { closed: (dialogue) => close(JSON.stringify(dialogue)) };
  const lab = new Lab({ clock: new VirtualClock(), seed: 1, listener });
  onTestFinished(() => lab.close());
  const overrides = hostOverridesSchema.parse({ behaviours: accounts });
  await lab.add('mx.example.net', { profile: plain(traits), overrides, addresses: ['192.0.2.25'] });
  const wire = await WireClient.to(lab, '192.0.2.25');
  await wire.reply();
  const lines = [
    'EHLO x.example.org',
    `AUTH PLAIN ${base64('\0ada\0byron')}`,
    'AUTH LOGIN',
    base64('ada'),
    base64('byron'),
    'QUIT',
  ];
  for (const line of lines) {
    wire.write(`${line}\r\n`);
    await wire.reply();
  }
  expect(await written).toContain('QUIT');
  for (const secret of ['byron', base64('byron'), base64('\0ada\0byron')])
    expect(await written).not.toContain(secret);
});
