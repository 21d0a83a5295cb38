import { expect, test } from 'vitest';
import { Rounds } from '../../src/report/terminal/rounds.ts';
import type { StepResult } from '../../src/scenario/result.ts';
import * as stories from './stories.ts';

function headings(branches: readonly string[], failedAt: readonly string[] = [], all = false): string[] {
  const rounds = new Rounds({ all });
  const [step] = stories.passed().steps;
  return branches.map((branch) => {
    const heading = rounds.headingOf({ ...step, branch, passed: !failedAt.includes(branch) } as StepResult);
    return `${heading.text ?? ''}${heading.leftOut ? ' (left out)' : ''}`.trim();
  });
}

const repeated = (of: number): string[] =>
  Array.from({ length: of }, (_, i) => [`${i + 1}/${of}`, `${i + 1}/${of}`]).flat();

test('few rounds are all shown, each named once', () => {
  expect(headings(repeated(2))).toEqual(['round 1 of 2', '', 'round 2 of 2', '']);
});

test('of many rounds the first two and the last', () => {
  expect(headings(['', ...repeated(6), ''])).toEqual([
    '',
    'round 1 of 6',
    '',
    'round 2 of 6',
    '',
    'rounds 3 to 5: told only where something fails (left out)',
    '(left out)',
    '(left out)',
    '(left out)',
    '(left out)',
    '(left out)',
    'round 6 of 6',
    '',
    '',
  ]);
});

test('and every one that fails', () => {
  expect(headings(['1/9', '2/9', '3/9', '4/9', '5/9'], ['4/9'])).toEqual([
    'round 1 of 9',
    'round 2 of 9',
    'rounds 3 to 8: told only where something fails (left out)',
    'round 4 of 9',
    '(left out)',
  ]);
});

test('all of them if that is wanted', () => {
  expect(headings(['1/9', '5/9', '9/9'], [], true)).toEqual(['round 1 of 9', 'round 5 of 9', 'round 9 of 9']);
});

test('branches, and rounds in branches', () => {
  expect(headings(['1', '2', '2 1/2', '2 2/2', '3/5 2'])).toEqual([
    'branch 1',
    'branch 2',
    'branch 2, round 1 of 2',
    'branch 2, round 2 of 2',
    'round 3 of 5, branch 2',
  ]);
});
