import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

const wrong = ['FOO', 'BAR'];
const tooMany = '421 4.7.0 Too many errors';

test('hangs up at the refusal behind the last one allowed, and not at a good command', async () => {
  const behaviours = [{ 'error-limit': { limit: 2, reply: tooMany } }];
  const answers = await answersOf(behaviours, [...wrong, 'NOOP', 'QUX', 'NOOP']);
  expect(answers.slice(2)).toEqual(['250 2.0.0 Ok', tooMany, 'closed']);
});

test('hangs up at the next command, whatever it is', async () => {
  const behaviours = [{ 'error-limit': { limit: 2, reply: tooMany, on: 'every-command' } }];
  expect((await answersOf(behaviours, [...wrong, 'NOOP', 'NOOP'])).slice(2)).toEqual([tooMany, 'closed']);
});

test('a message under way is still taken', async () => {
  const behaviours = [{ 'error-limit': { limit: 1, reply: tooMany, on: 'every-command' } }];
  const lines = [
    'MAIL FROM:<ada@example.org>',
    'RCPT TO:<bob@example.net>',
    'DATA',
    'text\r\n.',
    'FOO',
    'QUIT',
  ];
  expect((await answersOf(behaviours, lines)).slice(3)).toEqual([
    expect.stringMatching(/^250 2\.0\.0 Ok: queued/),
    expect.stringMatching(/^500 /),
    tooMany,
  ]);
});
