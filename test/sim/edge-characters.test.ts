import { afterEach, expect, test } from 'vitest';
import type { Lab } from '../../src/sim/lab.ts';
import type { VirtualClock } from '../../src/time/virtual-clock.ts';
import { talk } from './raw-client.ts';
import { address, codes, hello, labWith, mail, message, rcpt } from './shipped-profiles.ts';

let lab: Lab | undefined;

async function host(provider: string, situation?: string): Promise<Lab> {
  lab = await labWith(provider, situation);
  return lab;
}

afterEach(() => lab?.close());

const deliver = (local: string): string[] => [mail, rcpt(local), 'DATA', message];

test('postscreen shows half a greeting, waits six seconds and hands over to Postfix', async () => {
  const world = await host('postscreen');
  const before = world.clock.now();
  const replies = await talk(world, address, [hello, ...deliver('alice')]);
  expect(replies[0]).toEqual([
    '220-mx.example.net ESMTP Postfix (Debian/GNU)',
    '220 mx.example.net ESMTP Postfix (Debian/GNU)',
  ]);
  expect(codes(replies)).toEqual(['220', '250', '250', '250', '354', '250']);
  expect(world.clock.now() - before).toBe(6_000);
});

test('postscreen that tests deeper lets a client in the second time, and ends the first session at DATA', async () => {
  const world = await host('postscreen', 'tests-passed-first-time');
  const first = await talk(world, address, [hello, mail, rcpt('alice'), rcpt('nobody'), 'DATA', 'NOOP']);
  expect(codes(first)).toEqual(['220', '250', '250', '450', '450', '554', 'closed']);
  (world.clock as VirtualClock).advance(60_000);
  expect(codes(await talk(world, address, [hello, ...deliver('alice')])).at(-1)).toBe('250');
});

test('microsoft365 minds IPv6 clients where it is told to, and no others', async () => {
  const world = await host('microsoft365', 'ipv6-without-name');
  expect(codes(await talk(world, address, [hello, mail], '2001:db8::7')).at(-1)).toBe('550');
  expect(codes(await talk(world, address, [hello, mail])).at(-1)).toBe('250');
});

test('microsoft365 takes mail for insiders only at RCPT, and refuses it after the message', async () => {
  const replies = await talk(await host('microsoft365'), address, [hello, ...deliver('staff')]);
  expect(codes(replies)).toEqual(['220', '250', '250', '250', '354', '550']);
  expect(replies.at(-1)?.[0]).toContain('RESOLVER.RST.SenderNotAuthenticatedForGroup');
});

test('aol is yahoo under another name', async () => {
  const [greeting, ehlo, , , , unknown] = await talk(await host('aol'), address, [
    hello,
    ...deliver('nobody'),
  ]);
  expect(greeting?.[0]).toMatch(/^220 mtaproxy\d{3}\.aol\.mail\.ne1\.yahoo\.com ESMTP ready$/);
  expect(ehlo?.[0]).toMatch(/^250-mtaproxy\d{3}\.aol\.mail\.ne1\.yahoo\.com$/);
  expect(unknown).toEqual(['552 1 Requested mail action aborted, mailbox not found']);
});

test.each(['gmail-submission', 'office365-submission', 'yahoo-submission'])(
  '%s offers no login in clear and takes no mail',
  async (name) => {
    const replies = await talk(await host(name), address, [hello, 'AUTH PLAIN AGEAYg==', mail]);
    expect(replies[1]?.some((line) => line.includes('AUTH'))).toBe(false);
    expect(replies[1]?.some((line) => line.endsWith('STARTTLS'))).toBe(true);
    expect(
      codes(replies)
        .slice(2)
        .every((code) => code.startsWith('5')),
    ).toBe(true);
  },
);
