import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

const mail = 'MAIL FROM:<ada@example.org>';

test.each([
  [true, ['252 2.0.0 bob', '250 2.1.0 Ok', '503 5.5.1 Not now']],
  [false, ['503 5.5.1 Not now', '250 2.1.0 Ok', '252 2.0.0 bob']],
])('speaks only where in-transaction: %s fits', async (inside, expected) => {
  const behaviours = [
    { 'canned-reply': { at: 'command', verb: 'VRFY', 'in-transaction': inside, reply: '503 5.5.1 Not now' } },
  ];
  expect(await answersOf(behaviours, ['VRFY bob', mail, 'VRFY bob'])).toEqual(expected);
});

test('speaks before EHLO only, or for lines that match', async () => {
  const behaviours = [
    { 'canned-reply': { at: 'command', verb: 'RSET', greeted: false, reply: '503 5.5.1 Hello first' } },
    { 'canned-reply': { at: 'command', line: '^NOOP .*\\x00', reply: '501 5.5.2 No NUL' } },
  ];
  expect(await answersOf(behaviours, ['RSET', 'NOOP', 'NOOP \0'])).toEqual([
    '250 2.0.0 Ok',
    '250 2.0.0 Ok',
    '501 5.5.2 No NUL',
  ]);
});
