import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

const reply = '500 Too many unrecognized commands';

test('hangs up at the first command too many that breaks the rules', async () => {
  const answers = await answersOf(
    [{ 'fault-limit': { limit: 2, reply } }],
    ['FOO', 'DATA', 'NOOP', 'BAR', 'NOOP'],
  );
  expect(answers.slice(2)).toEqual(['250 2.0.0 Ok', reply, 'closed']);
});

test('refusals of commands that are right do not count', async () => {
  const behaviours = [
    { 'fault-limit': { limit: 1, reply } },
    { 'canned-reply': { at: 'mail', reply: '550 5.7.1 No' } },
  ];
  const mail = 'MAIL FROM:<ada@example.org>';
  expect(await answersOf(behaviours, [mail, mail, mail])).toEqual(Array(3).fill('550 5.7.1 No'));
});

test('only faults of the kinds named count', async () => {
  const behaviours = [{ 'fault-limit': { on: ['unknown-command'], limit: 1, reply } }];
  const answers = await answersOf(behaviours, ['DATA', 'DATA', 'FOO', 'DATA', 'FOO']);
  expect(answers.filter((answer) => answer === reply)).toHaveLength(1);
  expect(answers.at(-1)).toBe(reply);
});
