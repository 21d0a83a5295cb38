import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

const relayDenied = '554 5.7.1 Relay access denied';

async function recipients(domains: readonly string[], ...addresses: readonly string[]): Promise<string[]> {
  const lines = ['MAIL FROM:<ada@example.org>', ...addresses.map((address) => `RCPT TO:<${address}>`)];
  const answers = await answersOf([{ 'served-domains': { domains, reply: relayDenied } }], lines);
  return answers.slice(1).map((answer) => answer.slice(0, 3));
}

test('takes its own domains, in any spelling, and refuses others', async () => {
  const codes = await recipients(
    ['example.net'],
    'bob@example.net',
    'bob@EXAMPLE.NET',
    'bob@example.com',
    'bob@sub.example.net',
  );
  expect(codes).toEqual(['250', '250', '554', '554']);
});

test('a dot in front means everything below, but not the domain itself', async () => {
  expect(await recipients(['.example.net'], 'bob@sub.example.net', 'bob@example.net')).toEqual([
    '250',
    '554',
  ]);
});

test('postmaster needs no domain', async () => {
  expect(await recipients(['example.net'], 'postmaster')).toEqual(['250']);
});
