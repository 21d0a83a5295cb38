import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

const limited = (options: object = {}): object[] => [
  { 'line-length': { limit: 30, reply: '500 5.5.2 Too long', ...options } },
];
const noop = (length: number): string => `NOOP ${'x'.repeat(length - 5)}`;

test('takes a command line of the limit, and hangs up at one octet more', async () => {
  expect(await answersOf(limited({ then: 'close' }), [noop(30), noop(31), 'NOOP'])).toEqual([
    '250 2.0.0 Ok',
    '500 5.5.2 Too long',
    'closed',
  ]);
});

test('counts octets, and those of commands that break the rules', async () => {
  const lines = [`NOOP ${'\xc3\xa5'.repeat(13)}`, `FOO ${'x'.repeat(27)}`];
  expect(await answersOf(limited(), lines)).toEqual(['500 5.5.2 Too long', '500 5.5.2 Too long']);
});
