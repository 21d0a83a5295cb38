import { expect, test } from 'vitest';
import { isPlainReply, quoteReply } from '../../src/evidence/quoted-reply.ts';

/** What people paste, and what it is: code, enhanced status, how much of it there was, and its words. */
const pasted: readonly (readonly [
  text: string,
  code: number | undefined,
  enhanced: string | undefined,
  words: string,
])[] = [
  ['550 5.1.1 No such user', 550, '5.1.1', 'No such user'],
  ['550', 550, undefined, ''],
  [' 550 ', 550, undefined, ''],
  ['SMTP error 550', 550, undefined, ''],
  ['550 ', 550, undefined, ''],
  ['5.7.1', undefined, '5.7.1', ''],
  ['5.1.1 User unknown', undefined, '5.1.1', 'User unknown'],
  ['4.2.2', undefined, '4.2.2', ''],
  ['550: User unknown', 550, undefined, 'User unknown'],
  ['550-5.1.1 No such\n550 5.1.1 user', 550, '5.1.1', 'No such user'],
  ['550-5.1.1 No such\r\n550 5.1.1 user\r\n', 550, '5.1.1', 'No such user'],
  ['550-5.1.1 No such 550 5.1.1 user', 550, '5.1.1', 'No such user'],
  ['550-5.1.1 No such', 550, '5.1.1', 'No such'],
  ['550 5.1.1 No such\n   user here', 550, '5.1.1', 'No such user here'],
  ['S: 550 5.1.1 No', 550, '5.1.1', 'No'],
  ['<- 550 5.1.1 No', 550, '5.1.1', 'No'],
  ['<** 550 5.1.1 No', 550, '5.1.1', 'No'],
  ['<~* 550 5.1.1 No', 550, '5.1.1', 'No'],
  ['** 550 5.1.1 No', 550, '5.1.1', 'No'],
  ['<<< 550 5.1.1 No', 550, '5.1.1', 'No'],
  ['< 550-5.1.1 No\n< 550 5.1.1 body', 550, '5.1.1', 'No body'],
  ["'550 5.1.1 No'", 550, '5.1.1', 'No'],
  ['smtp; 550 5.1.1 No', 550, '5.1.1', 'No'],
  ['smtp;550 5.1.1 No', 550, '5.1.1', 'No'],
  ['host mx[192.0.2.1] said: 450 4.2.0 Later (in reply to RCPT TO command)', 450, '4.2.0', 'Later'],
  ['The mailbox is full', undefined, undefined, 'The mailbox is full'],
  ['250 2.1.5 Ok', 250, '2.1.5', 'Ok'],
  ['354 go on', 354, undefined, 'go on'],
];

test.each(pasted)('%j', (text, code, enhanced, words) => {
  const quoted = quoteReply(text);
  const numbered = quoted?.given === 'reply' || quoted?.given === 'code';
  expect(numbered ? quoted.reply.code : undefined).toBe(code);
  expect(quoted?.reply.enhanced).toBe(enhanced);
  expect(
    quoted?.reply.lines
      .map((line) => line.trim())
      .join(' ')
      .trim(),
  ).toBe(words);
});

test('nothing is no reply', () => {
  expect(quoteReply('')).toBeUndefined();
  expect(quoteReply(' \r\n \n')).toBeUndefined();
});

test('one reply is told from several, and from a session', () => {
  for (const text of ['550', '5.7.1', '550 No', '550-No\n550 body', 'S: 550 No'])
    expect([text, isPlainReply(text)]).toEqual([text, true]);
  for (const text of ['', 'no', '550 No\n450 Later', '220 hi\nEHLO x', '550-No\n550-body', 'said: 550 No'])
    expect([text, isPlainReply(text)]).toEqual([text, false]);
});
