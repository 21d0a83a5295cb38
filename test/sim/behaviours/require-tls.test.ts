import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

const transaction = ['MAIL FROM:<ada@example.org>', 'RCPT TO:<bob@example.net>', 'DATA', 'test\r\n.'];
const codes = (answers: readonly string[]): string[] => answers.map((answer) => answer.slice(0, 3));

test('everything but NOOP and QUIT gets 530 in clear', async () => {
  const answers = await answersOf(
    [{ 'require-tls': {} }],
    ['MAIL FROM:<ada@example.org>', 'RSET', 'NOOP', 'QUIT'],
  );
  expect(codes(answers)).toEqual(['530', '530', '250', '221']);
});

test('may wait until the message is there', async () => {
  const behaviours = [{ 'require-tls': { at: 'message', reply: '550 5.7.29 Not in clear' } }];
  expect(codes(await answersOf(behaviours, transaction))).toEqual(['250', '250', '354', '550']);
});
