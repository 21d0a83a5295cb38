import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

const limit = [{ 'message-size': { limit: 20, reply: '552 5.3.4 Message too big' } }];
const transaction = (message: string): string[] => [
  'MAIL FROM:<ada@example.org>',
  'RCPT TO:<bob@example.net>',
  'DATA',
  message,
];

test('a message of just the size is taken', async () => {
  expect((await answersOf(limit, transaction(`${'x'.repeat(18)}\r\n.`))).at(-1)).toMatch(/^250 /);
});

test('one byte more is refused, and the session goes on', async () => {
  const answers = await answersOf(limit, [...transaction(`${'x'.repeat(19)}\r\n.`), 'NOOP']);
  expect(answers.slice(-2)).toEqual(['552 5.3.4 Message too big', expect.stringMatching(/^250 /)]);
});
