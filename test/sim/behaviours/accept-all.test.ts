import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

test('everybody is taken, but for who asks for an answer by name', async () => {
  const strict = [{ 'accept-all': {} }, { 'known-mailboxes': { replies: { unknown: '550 5.1.1 No' } } }];
  const mailboxes = { mailboxes: { '*': 'unknown' } };
  const answers = await answersOf(
    strict,
    [
      'MAIL FROM:<ada@example.org>',
      'RCPT TO:<nobody@example.net>',
      'RCPT TO:<Code-451-4.7.1@example.net>',
      'RCPT TO:<full@example.net>',
      'RCPT TO:<unknown@example.net>',
    ],
    mailboxes,
  );
  expect(answers.slice(1).map((answer) => answer.slice(0, 9))).toEqual([
    expect.stringMatching(/^250/),
    '451 4.7.1',
    '452 4.2.2',
    expect.stringMatching(/^250/),
  ]);
});
