import { afterEach, expect, test } from 'vitest';
import type { Lab } from '../../src/sim/lab.ts';
import type { VirtualClock } from '../../src/time/virtual-clock.ts';
import { RawClient, talk } from './raw-client.ts';
import { address, codes, hello, labWith, mail, message, rcpt } from './shipped-profiles.ts';

let lab: Lab | undefined;

async function host(provider: string, situation?: string): Promise<Lab> {
  lab = await labWith(provider, situation);
  return lab;
}

afterEach(() => lab?.close());

test('outlook names its edge and the session in the greeting and again in a refusal', async () => {
  const [greeting, , , refusal] = await talk(await host('outlook'), address, [hello, mail, rcpt('nobody')]);
  const [, edge, id] =
    /^220 (AMS0EPF[0-9A-F]{8})\.mail\.protection\.outlook\.com Microsoft .* \[(08D[0-9A-F]{13})\]$/.exec(
      greeting?.[0] ?? '',
    ) ?? [];
  expect(edge).toBeDefined();
  expect(refusal).toEqual([
    expect.stringMatching(
      new RegExp(
        `^550 5\\.5\\.0 .* \\(S2017062302\\)\\. \\[${edge}\\.eurprd05\\.prod\\.outlook\\.com \\S+Z ${id}\\]$`,
      ),
    ),
  ]);
});

test('outlook cuts a block-listed client off at MAIL', async () => {
  const replies = await talk(await host('outlook', 'blocklisted'), address, [hello, mail, 'QUIT']);
  expect(codes(replies)).toEqual(['220', '250', '550', 'closed']);
});

test('outlook lets nobody in any more who only asked for unknown mailboxes', async () => {
  const probing = [hello, mail, ...Array.from({ length: 5 }, (_, i) => rcpt(`guess${i}`)), 'RSET', mail];
  const replies = await talk(await host('outlook', 'namespace-mining'), address, probing);
  expect(replies.at(-1)?.[0]).toMatch(/^550 SC-002 \(AMS0EPF\S+\) /);
});

test('outlook lists a client that pushes on against a throttle', async () => {
  const replies = await talk(await host('outlook', 'throttled-then-blocked'), address, [
    hello,
    ...Array<string>(6).fill(mail),
  ]);
  expect(codes(replies)).toEqual(['220', '250', '451', '451', '451', '451', '451', '550']);
});

test('gmail repeats the id of the session in every reply', async () => {
  const replies = await talk(await host('gmail'), address, [
    'HELO probe.example.org',
    mail,
    rcpt('nobody'),
    rcpt('alice'),
    'QUIT',
  ]);
  const ids = replies.map((lines) => /(\S+) - gsmtp$/.exec(lines.at(-1) ?? '')?.[1]);
  expect(ids[1]).toBeUndefined();
  expect(new Set(ids.filter((id) => id !== undefined)).size).toBe(1);
  expect(replies[3]?.map((line) => line.slice(0, 10))).toEqual([
    '550-5.1.1 ',
    '550-5.1.1 ',
    '550-5.1.1 ',
    '550 5.1.1 ',
  ]);
});

test.each([
  ['EHLO localhost', '421'],
  ['HELO [127.0.0.1]', '421'],
  ['EHLO', '501'],
  ['EHLO under_score.example.org', '501'],
])('gmail answers %s with %s and hangs up', async (line, code) => {
  const replies = await talk(await host('gmail'), address, [line, 'NOOP']);
  expect(codes(replies)).toEqual(['220', code, 'closed']);
});

test('gmail asks bulk senders for TLS only where there is none', async () => {
  const replies = await talk(await host('gmail', 'tls-required-for-bulk'), address, [
    hello,
    mail,
    rcpt('alice'),
    'DATA',
    message,
  ]);
  expect(replies.at(-1)?.[0]).toMatch(/^421-4\.7\.29 /);
});

test('yahoo takes every recipient and tells after the message', async () => {
  const replies = await talk(await host('yahoo'), address, [hello, mail, rcpt('nobody'), 'DATA', message]);
  expect(replies.slice(2)).toEqual([
    ['250 sender <ada@example.org> ok'],
    ['250 recipient <nobody@example.net> ok'],
    ['354 go ahead'],
    ['552 1 Requested mail action aborted, mailbox not found'],
  ]);
});

test('yahoo hangs up without a word when a 21st message begins', async () => {
  const one = [mail, rcpt('alice'), 'DATA', message];
  const replies = await talk(await host('yahoo', 'message-limit'), address, [
    hello,
    ...Array<string[]>(20).fill(one).flat(),
    mail,
  ]);
  expect(replies.at(-2)).toEqual(['250 ok dirdel']);
  expect(replies.at(-1)).toEqual(['closed']);
});

test('yahoo defers for four hours once there was too much', async () => {
  const world = await host('yahoo', 'volume');
  const many = [hello, ...Array<string[]>(20).fill([mail, 'RSET']).flat(), mail];
  expect((await talk(world, address, many)).at(-1)?.[0]).toContain('[TSS04]');
  (world.clock as VirtualClock).advance(3.9 * 3_600_000);
  expect(codes(await talk(world, address, [hello, mail])).at(-1)).toBe('421');
  (world.clock as VirtualClock).advance(0.2 * 3_600_000);
  expect(codes(await talk(world, address, [hello, mail])).at(-1)).toBe('250');
});

test('exchange takes unknown recipients, and with its filter refuses them five seconds late', async () => {
  const open = await talk(await host('exchange'), address, [hello, mail, rcpt('nobody'), 'DATA', message]);
  expect(codes(open)).toEqual(['220', '250', '250', '250', '354', '550']);
  await lab?.close();
  const world = await host('exchange', 'recipient-filtering');
  const client = await RawClient.to(world, address);
  await client.reply();
  await client.say(hello);
  await client.say(mail);
  const before = world.clock.now();
  expect(await client.say(rcpt('nobody'))).toEqual(['550 5.1.1 User unknown']);
  expect(world.clock.now() - before).toBe(5_000);
  client.close();
});

test('exchange hangs up at the sixth error', async () => {
  const replies = await talk(await host('exchange'), address, [
    hello,
    ...Array<string>(6).fill('FOO'),
    'NOOP',
  ]);
  expect(codes(replies).slice(2)).toEqual(['500', '500', '500', '500', '500', '421', 'closed']);
});

test('postfix answers later from the eleventh error on and hangs up at the twenty-first', async () => {
  const world = await host('postfix');
  const before = world.clock.now();
  const replies = await talk(world, address, [hello, ...Array<string>(21).fill('FOO'), 'NOOP']);
  expect(replies.slice(-2)).toEqual([['421 4.7.0 mx.example.net Error: too many errors'], ['closed']]);
  expect(world.clock.now() - before).toBe(11_000);
});

test('postfix ends a session after five idle minutes', async () => {
  const world = await host('postfix');
  const client = await RawClient.to(world, address);
  await client.reply();
  await client.say(hello);
  const before = world.clock.now();
  expect(await client.reply()).toEqual(['421 4.4.2 mx.example.net Error: timeout exceeded']);
  expect(world.clock.now() - before).toBe(300_000);
  expect(await client.reply()).toEqual(['closed']);
});

test('postfix that denies access at once keeps the session and refuses everything in it but QUIT', async () => {
  const lines = [hello, 'NOOP', mail, 'FOO', 'QUIT'];
  const replies = await talk(await host('postfix', 'access-denied-at-connect'), address, lines);
  expect(replies).toEqual([
    ['554 5.7.1 <unknown[203.0.113.10]>: Client host rejected: Access denied'],
    ...Array<string[]>(4).fill(['503 5.7.0 Error: access denied for unknown[203.0.113.10]']),
    ['221 2.0.0 Bye'],
  ]);
});

test('greylister lets a sender in who comes back after five minutes', async () => {
  const world = await host('greylister');
  const attempt = async (from: string): Promise<string> =>
    codes(await talk(world, address, [hello, mail, rcpt('ada')], from)).at(-1) ?? '';
  expect(await attempt('198.51.100.7')).toBe('450');
  (world.clock as VirtualClock).advance(299_000);
  expect(await attempt('198.51.100.7')).toBe('450');
  (world.clock as VirtualClock).advance(1_000);
  expect(await attempt('198.51.100.9')).toBe('250');
  expect(await attempt('203.0.113.9')).toBe('450');
});

test('accept-all takes anybody, and in one situation only until the message is there', async () => {
  expect(
    codes(await talk(await host('accept-all'), address, [hello, mail, rcpt('nobody'), 'DATA', message])).at(
      -1,
    ),
  ).toBe('250');
  await lab?.close();
  const late = await talk(await host('accept-all', 'late-rejection'), address, [
    hello,
    mail,
    rcpt('nobody'),
    'DATA',
    message,
  ]);
  expect(codes(late)).toEqual(['220', '250', '250', '250', '354', '550']);
});

test('tls-required takes no mail in clear', async () => {
  const world = await host('tls-required');
  const replies = await talk(world, address, [hello, mail, rcpt('alice'), 'FOO', 'NOOP']);
  expect(codes(replies)).toEqual(['220', '250', '530', '530', '500', '250']);
  expect(replies[1]).toContain('250-STARTTLS');
});

test('postfix without a certificate offers TLS and cannot do it', async () => {
  const replies = await talk(await host('postfix', 'tls-not-available'), address, [hello, 'STARTTLS', mail]);
  expect(replies[1]).toContain('250-STARTTLS');
  expect(replies.slice(2)).toEqual([['454 4.7.0 TLS not available due to local problem'], ['250 2.1.0 Ok']]);
});
