import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

test('VRFY is answered by the state of the mailbox, other commands as ever', async () => {
  const behaviours = [
    { 'verify-command': { replies: { exists: '250 2.1.5 <{argument}>', unknown: '550 5.1.1 No' } } },
  ];
  const answers = await answersOf(behaviours, [
    'VRFY bob@example.net',
    'VRFY <bob@example.net>',
    'VRFY',
    'NOOP',
  ]);
  expect(answers).toEqual([
    '250 2.1.5 <bob@example.net>',
    '250 2.1.5 <<bob@example.net>>',
    expect.stringMatching(/^501 /),
    expect.stringMatching(/^250 /),
  ]);
});
