import { expect, test } from 'vitest';
import { formatDuration, hours, minutes, parseDuration, seconds } from '../../src/time/duration.ts';

test.each([
  ['250ms', 250],
  ['30s', 30_000],
  ['1.5s', 1_500],
  ['15m', 900_000],
  ['4h', 14_400_000],
  ['7d', 604_800_000],
  ['1h30m', 5_400_000],
  ['1m500ms', 60_500],
  ['0s', 0],
])('%s is %d ms', (text, ms) => {
  expect(parseDuration(text)).toBe(ms);
});

test.each([
  '',
  '30',
  's',
  '-5m',
  '5 m',
  ' 5m',
  '5m ',
  '5M',
  '5min',
  '1h 30m',
  '.5s',
  '5.s',
  '1e3s',
  'soon',
  '5m\n',
])('%j is not a duration', (text) => {
  expect(parseDuration(text)).toBeUndefined();
});

test.each([
  [0, '0 ms'],
  [999, '999 ms'],
  [1_000, '1 s'],
  [1_500, '1.5 s'],
  [1_234, '1.23 s'],
  [30_000, '30 s'],
  [59_900, '59.9 s'],
  [60_000, '1 min'],
  [61_000, '1 min 1 s'],
  [minutes(15), '15 min'],
  [hours(4) + minutes(10), '4 h 10 min'],
  [hours(4) + seconds(10), '4 h'],
  [hours(24), '1 d'],
  [hours(26) + minutes(5), '1 d 2 h'],
  [minutes(60) - 1, '1 h'],
])('%d ms are written %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

// Where rounding carries a value over to the next unit.
test.each([
  [999.6, '1 s'],
  [59_999, '1 min'],
  [9_999, '10 s'],
])('%d ms are rounded to %s', (ms, text) => {
  expect(formatDuration(ms)).toBe(text);
});

test('minutes, seconds and hours are milliseconds', () => {
  expect([seconds(2), minutes(2), hours(2)]).toEqual([2_000, 120_000, 7_200_000]);
});
