import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

const limit = (options: object): object[] => [
  { 'command-limit': { reply: '421 4.7.0 Too much', ...options } },
];

test('counts every command, EHLO among them, and hangs up', async () => {
  expect(await answersOf(limit({ limit: 3 }), ['NOOP', 'FOO', 'NOOP', 'NOOP'])).toEqual([
    '250 2.0.0 Ok',
    '500 5.5.2 Error: command not recognized',
    '421 4.7.0 Too much',
    'closed',
  ]);
});

test('counts only what delivers nothing', async () => {
  const lines = ['MAIL FROM:<ada@example.org>', 'RCPT TO:<bob@example.net>', 'RSET', 'RSET'];
  const codes = (await answersOf(limit({ limit: 2, counts: 'non-mail' }), lines)).map((line) =>
    line.slice(0, 3),
  );
  expect(codes).toEqual(['250', '250', '250', '421']);
});

test('counts what is said before a login', async () => {
  const answers = await answersOf(limit({ limit: 2, counts: 'before-login' }), ['NOOP', 'NOOP']);
  expect(answers).toEqual(['250 2.0.0 Ok', '421 4.7.0 Too much']);
});
