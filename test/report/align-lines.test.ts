import { expect, test } from 'vitest';
import { alignLines } from '../../src/report/terminal/align-lines.ts';

const rows = (left: string, right: string): string[] =>
  alignLines([...left], [...right]).map(([a, b]) => `${a ?? '.'}${b ?? '.'}`);

test.each([
  ['', '', ''],
  ['abc', 'abc', 'aa bb cc'],
  ['abc', 'ac', 'aa b. cc'],
  ['ac', 'abc', 'aa .b cc'],
  ['axc', 'ayc', 'aa xy cc'],
  ['axyc', 'azc', 'aa xz y. cc'],
  ['abc', 'xyz', 'ax by cz'],
  ['abc', '', 'a. b. c.'],
  ['abcd', 'bcda', 'a. bb cc dd .a'],
])('%s beside %s', (left, right, expected) => {
  expect(rows(left, right).join(' ')).toBe(expected);
});

test('endless texts are paired line by line', () => {
  const left = Array.from({ length: 512 }, (_, i) => `l${i}`);
  expect(alignLines(left, ['l1'])[0]).toEqual(['l0', 'l1']);
  expect(alignLines(left, ['l1'])).toHaveLength(512);
});
