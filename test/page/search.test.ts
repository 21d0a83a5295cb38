import { expect, test } from 'vitest';
import { find, passes, readQuery, tally } from '../../page/src/search.ts';
import type { AnswerKind, PageEntry } from '../../src/report/html/page-data.ts';

const answer = (text: string): AnswerKind => {
  const [code = '', enhanced = '', reason = '', provider = ''] = text.split('|');
  return { code, enhanced, reason, provider };
};

const entry = (
  id: number,
  title: string,
  answers: readonly string[],
  more: Partial<PageEntry> = {},
): PageEntry => ({
  id,
  title,
  variant: '',
  file: `scenarios/x/${id}.yaml`,
  tags: [],
  verdict: 'passed',
  simulatedMs: 0,
  answers: answers.map(answer),
  ...more,
});

const entries = [
  entry(1, 'Greylisting lets us in', ['450|4.2.0|greylisted|postfix', '250|2.1.5|accept|postfix']),
  entry(2, 'A block list at Outlook', ['550|5.7.1|blocklisted|outlook', '|||', '||closed|outlook'], {
    verdict: 'failed',
  }),
  entry(3, 'Nobody is there', ['550|5.1.1|user-unknown|postfix', '421||server-busy|gmail'], {
    tags: ['outlook-like'],
    differences: 1,
  }),
];

const found = (text: string): number[] =>
  entries.filter((each) => find(each, readQuery(text)).found).map(({ id }) => id);

test.each([
  ['', [1, 2, 3]],
  ['550', [2, 3]],
  ['5', [2, 3]],
  ['55x', [2, 3]],
  ['4xx', [1, 3]],
  ['451', []],
  ['5.7.1', [2]],
  ['5.x.1', [2, 3]],
  ['5.1', [3]],
  ['greylisted', [1]],
  ['OUTLOOK', [2, 3]],
  ['gmail', [3]],
  ['fin', [2]],
  ['  550   postfix ', [3]],
  ['450 5.1.1', []],
  ['nobody 550', [3]],
  ['nobody blocklisted', []],
  ['x/2.yaml', [2]],
])('%j finds %j', (text, ids) => {
  expect(found(text)).toEqual(ids);
});

test('all words fit one and the same answer, which is given', () => {
  const [, , third] = entries;
  if (!third) throw new Error('there are three');
  expect(find(third, readQuery('550 postfix')).answers.map(({ enhanced }) => enhanced)).toEqual(['5.1.1']);
  expect(find(third, readQuery('550 gmail')).found).toBe(false);
});

test('filters', () => {
  const ids = (filter: Parameters<typeof passes>[1]): number[] =>
    entries.filter((each) => passes(each, filter)).map(({ id }) => id);
  expect([ids('all'), ids('failed'), ids('passed'), ids('differing')]).toEqual([[1, 2, 3], [2], [1, 3], [3]]);
});

test('a tally counts scenarios, the most frequent first', () => {
  expect(tally(entries, ({ code }) => code)).toEqual([
    ['550', 2],
    ['250', 1],
    ['421', 1],
    ['450', 1],
  ]);
});
