import { expect, test } from 'vitest';
import { dangerOf } from '../../src/knowledge/pattern.ts';

test.each([
  ['(a+)+b', 'repeats without end'],
  ['spam.*', 'repeats without end'],
  ['\\d{3,}', 'repeats without end'],
  ['(?:a{1,5}b){1,5}', 'repeats a group that repeats'],
  ['((x{2,4})y)z(?:q(?:r{0,3})){2}', 'repeats a group that repeats'],
  ['.{0,200}a.{0,200}b', 'too many repeats'],
  ['(a|b)\\1', 'refers back'],
  ['(?<!not )listed', 'looks behind'],
  ['(?:spam)?', 'matches the empty text'],
  ['spam|', 'matches the empty text'],
  ['(unclosed', 'is not a regular expression'],
])('%s is refused', (source, why) => {
  expect(dangerOf(source)).toContain(why);
});

test.each([
  'gr[ae]y[- ]?list',
  'user (?:is )?unknown',
  '.{0,40}quota',
  '[*+]{1,3}x',
  '\\*{6,200}',
  '(?:a|b{2})c{1,9}',
  'x(?!y)',
])('%s is let in', (source) => {
  expect(dangerOf(source)).toBeUndefined();
});
