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

const deliver = (local: string): string[] => [mail, rcpt(local), 'DATA', message];

test('proton speaks as recorded on 2026-09-07', async () => {
  const replies = await talk(await host('proton'), address, [hello, ...deliver('alice'), 'QUIT']);
  const name = /^220-(mailinzur\d{3}\.protonmail\.ch) /.exec(replies[0]?.[0] ?? '')?.[1];
  expect(
    replies.map((lines) => lines.map((line) => line.replace(/as [0-9A-F]{10}$/, 'as 0123456789'))),
  ).toEqual([
    [`220-${name} ESMTP Postfix`, `220 ${name} ESMTP Postfix`],
    [
      `250-${name}`,
      '250-PIPELINING',
      '250-SIZE 71500000',
      '250-STARTTLS',
      '250-ENHANCEDSTATUSCODES',
      '250-8BITMIME',
      '250 CHUNKING',
    ],
    ['250 2.1.0 Ok'],
    ['250 2.1.5 Ok'],
    ['354 End data with <CR><LF>.<CR><LF>'],
    ['250 2.0.0 Ok: queued as 0123456789'],
    ['221 2.0.0 Bye'],
  ]);
});

test('proton makes a stranger wait behind half a greeting', async () => {
  const world = await host('proton', 'first-contact');
  const before = world.clock.now();
  const [greeting] = await talk(world, address, [hello]);
  expect(greeting?.map((line) => line.replace(/mailinzur\d{3}/, 'mailinzur'))).toEqual([
    '220-mailinzur.protonmail.ch ESMTP Postfix',
    '220 mailinzur.protonmail.ch ESMTP Postfix',
  ]);
  expect(world.clock.now() - before).toBe(6_000);
});

test('icloud keeps a client that it does not want until it has said QUIT', async () => {
  const replies = await talk(await host('icloud', 'not-accepting-connections'), address, ['QUIT', 'NOOP']);
  expect(replies[0]?.[0]).toMatch(/^554 \S+\.me\.com ESMTP not accepting connections$/);
  expect(replies[1]?.[0]).toMatch(/^421 4\.7\.0 \S+\.me\.com Error: too many errors$/);
  expect(replies[2]).toEqual(['closed']);
});

test('icloud cuts a listed client off at RCPT, and not before', async () => {
  const replies = await talk(await host('icloud', 'blocked'), address, [hello, mail, rcpt('alice'), 'QUIT']);
  expect(codes(replies)).toEqual(['220', '250', '250', '550', 'closed']);
});

test('gmx never says an enhanced code', async () => {
  const replies = await talk(await host('gmx'), address, [
    ...[hello, 'FOO', 'DATA', mail, mail, rcpt('nobody'), rcpt('full'), rcpt('blocked')],
  ]);
  expect(codes(replies)).toEqual(['220', '250', '500', '503', '250', '503', '550', '552', '554']);
  expect(replies.flat().filter((line) => /^\d{3}[ -][245]\.\d/.test(line))).toEqual([]);
});

test('zoho has an American date in its greeting', async () => {
  const world = await host('zoho');
  (world.clock as VirtualClock).advance(Date.UTC(2026, 2, 6, 14, 59, 13) - world.clock.now());
  const [greeting] = await talk(world, address, []);
  expect(greeting).toEqual(['220 mx.zohomail.com SMTP Server ready March 6, 2026 6:59:13 AM PST']);
});

test('yandex calls greylisting a service that is unavailable', async () => {
  const world = await host('yandex', 'greylisted');
  const attempt = async (): Promise<string | undefined> =>
    (await talk(world, address, [hello, mail, rcpt('alice')])).at(-1)?.[0];
  expect(await attempt()).toBe(
    '451 4.7.1 Sorry, the service is currently unavailable. Please come back later.',
  );
  (world.clock as VirtualClock).advance(300_000);
  expect(await attempt()).toBe('250 2.1.5 <alice@example.net> recipient ok');
});

test('yandex gives up on a client that says nothing', async () => {
  const client = await RawClient.to(await host('yandex'), address);
  await client.reply();
  expect((await client.reply())[0]).toMatch(
    /^421 4\.4\.2 mxfront\d\dq\.mail\.yandex\.net Error: timeout exceeded$/,
  );
  expect(await client.reply()).toEqual(['closed']);
});

test('mail-ru takes an unknown recipient and tells after the message', async () => {
  const replies = await talk(await host('mail-ru'), address, [hello, ...deliver('nobody')]);
  expect(codes(replies)).toEqual(['220', '250', '250', '250', '354', '550']);
  expect(replies.at(-1)?.[0]).toContain('Local mailbox nobody@example.net is unavailable: user not found');
});

test('mail-ru tells who tried to log in that there is no such user', async () => {
  const login = `AUTH PLAIN ${Buffer.from('\0ada@example.org\0wrong').toString('base64')}`;
  const replies = await talk(await host('mail-ru', 'login-offered'), address, [hello, login]);
  expect(replies.at(-1)).toEqual(['535 Incorrect authentication data: user not found for <ada@example.org>']);
});

test('qq hangs up on a sender whose SPF record does not name the client', async () => {
  const replies = await talk(await host('qq', 'spf-fails'), address, [hello, mail, 'QUIT']);
  expect(codes(replies)).toEqual(['220', '250', '550', 'closed']);
  expect(replies[2]?.[0]).toMatch(/&no=1001445 \[\S+ IP: 203\.0\.113\.10\]$/);
});

test('comcast lets a client hold 25 connections', async () => {
  const world = await host('comcast');
  const open: RawClient[] = [];
  for (let i = 0; i < 25; i++) {
    const client = await RawClient.to(world, address);
    expect(codes([await client.reply()])).toEqual(['220']);
    open.push(client);
  }
  const [refusal] = await talk(world, address, []);
  expect(refusal?.[0]).toMatch(
    /^421 resimta-a2p-\d{6}\.sys\.comcast\.net comcast 203\.0\.113\.10 Too many sessions opened$/,
  );
  for (const client of open) client.close();
});

test('mimecast takes a hundred recipients and asks for the message then', async () => {
  const replies = await talk(await host('mimecast'), address, [
    ...[hello, mail, ...Array<string>(101).fill(rcpt('alice'))],
    'DATA',
  ]);
  expect(codes(replies).slice(-3)).toEqual(['250', '452', '354']);
});

test('mimecast wants TLS of some senders, and says so at MAIL with 553', async () => {
  const replies = await talk(await host('mimecast', 'tls-required'), address, [hello, mail]);
  expect(replies.at(-1)?.[0]).toMatch(/^553 This route requires encryption \(TLS\) - https:\S+ \[\S+\]$/);
});

test('fastmail takes nothing from a client that has not logged in', async () => {
  const replies = await talk(await host('fastmail'), address, [hello, mail, 'QUIT']);
  expect(replies.slice(2)).toEqual([['530 5.7.1 Authentication required'], ['221 2.0.0 Bye']]);
});

test('cisco-esa quotes a recipient without brackets', async () => {
  const replies = await talk(await host('cisco-esa'), address, [
    hello,
    mail,
    'RCPT TO:alice@example.net',
    rcpt('alice'),
  ]);
  expect(replies.slice(2)).toEqual([
    ['250 sender <ada@example.org> ok'],
    ["501 #5.5.2 syntax error 'RCPT TO: alice@example.net'"],
    ['250 recipient <alice@example.net> ok'],
  ]);
});
