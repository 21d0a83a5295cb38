import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

/** A message with a bare LF in its text; the harness adds the last CRLF. */
const transaction = (message: string): string[] => [
  'MAIL FROM:<ada@example.org>',
  'RCPT TO:<bob@example.net>',
  'DATA',
  message,
  'NOOP',
];
const queued = expect.stringMatching(/^250 2\.0\.0 Ok: queued/);

test('LF . CRLF ends a message where a bare LF counts', async () => {
  const behaviours = [{ 'bare-line-feed': { ends: 'message' } }];
  expect((await answersOf(behaviours, transaction('text\n.'))).slice(-2)).toEqual([queued, '250 2.0.0 Ok']);
});

test.each([[{ ends: 'line' }], [undefined]])('with %j it goes on to CRLF . CRLF', async (options) => {
  const behaviours = options ? [{ 'bare-line-feed': options }] : [];
  const answers = await answersOf(behaviours, transaction('text\n.\r\nRSET\r\n.'));
  expect(answers.slice(-2)).toEqual([queued, '250 2.0.0 Ok']); // RSET is text
});

test('what comes first in the profile counts', async () => {
  const behaviours = [{ 'bare-line-feed': { ends: 'line' } }, { 'bare-line-feed': { ends: 'message' } }];
  const answers = await answersOf(behaviours, transaction('text\n.\r\nRSET\r\n.'));
  expect(answers.slice(-2)).toEqual([queued, '250 2.0.0 Ok']);
});

const strict = [{ 'bare-line-feed': { reply: '550 5.5.2 Bare <LF> received' } }];

test('a strict host refuses a message with a bare LF', async () => {
  const answers = await answersOf(strict, transaction('text\ntext\r\n.'));
  expect(answers.slice(-2)).toEqual(['550 5.5.2 Bare <LF> received', '250 2.0.0 Ok']);
});

test('a strict host has nothing against CRLF', async () => {
  expect((await answersOf(strict, transaction('text\r\n\r\ntext\r\n.'))).slice(-2)).toEqual([
    queued,
    '250 2.0.0 Ok',
  ]);
});

test('a very strict host hangs up as well', async () => {
  const behaviours = [{ 'bare-line-feed': { reply: '451 Bare line feed', then: 'close' } }];
  const answers = await answersOf(behaviours, transaction('text\ntext\r\n.'));
  expect(answers.slice(-2)).toEqual(['451 Bare line feed', 'closed']);
});
