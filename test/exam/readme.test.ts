import { expect, test } from 'vitest';
import type { marks } from '../../src/exam/mark.ts';
import { keptScoreCards } from '../interop/score-cards.ts';
import { table } from '../readme/readme.ts';

/** The name in a cell: without backquotes, links and what a link is about. */
const nameIn = (cell = ''): string =>
  cell
    .replace(/\[[^\]]*\]\([^)]*\)/g, '')
    .replace(/[`,]/g, '')
    .trim();

test('the README tells of validators under exam as their score cards do', () => {
  const cards = Object.entries(keptScoreCards()).map(([name, { counts }]) => [
    name,
    ...['right', 'harmless', 'wrong', 'dangerous'].map((mark) => `${counts[mark as (typeof marks)[number]]}`),
    `${counts.hung + counts.crashed}`,
  ]);
  const [ours, ...others] = table('exam').map(([name, ...counts]) => [nameIn(name), ...counts]);
  expect(ours).toEqual(['mxlab verify', '100', '0', '0', '0', '0']);
  expect(others.sort()).toEqual(cards.sort());
});
