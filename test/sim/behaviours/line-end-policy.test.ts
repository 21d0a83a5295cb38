import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

const mail = 'MAIL FROM:<ada@example.org>';
const rcpt = 'RCPT TO:<bob@example.net>';

test('refuses a command that ends with LF alone, and no other', async () => {
  const behaviours = [{ 'line-end-policy': { reply: '521 5.5.1 Protocol error', then: 'close' } }];
  expect(await answersOf(behaviours, ['NOOP', 'NOOP\nNOOP', 'NOOP'])).toEqual([
    '250 2.0.0 Ok',
    '521 5.5.1 Protocol error',
    'closed',
  ]);
});

test('keeps it until a recipient is named', async () => {
  const behaviours = [{ 'line-end-policy': { 'says-at': 'rcpt', reply: '550 5.5.1 Protocol error' } }];
  expect(await answersOf(behaviours, [mail, rcpt])).toEqual(['250 2.1.0 Ok', '250 2.1.5 Ok']);
  expect(await answersOf(behaviours, ['NOOP\nNOOP', mail, rcpt, 'NOOP'])).toEqual([
    '250 2.0.0 Ok',
    '250 2.0.0 Ok',
    '250 2.1.0 Ok',
    '550 5.5.1 Protocol error',
  ]);
});
