import { expect, test } from 'vitest';
import { formatOffset, offsetWidth } from '../../src/report/offset.ts';

test.each([
  [0, '0.000'],
  [1, '0.001'],
  [999.6, '1.000'],
  [59_999, '59.999'],
  [60_000, '1:00.000'],
  [303_250, '5:03.250'],
  [3_599_999, '59:59.999'],
  [3_600_000, '1:00:00'],
  [94_203_000, '26:10:03'],
  [359_999_999, '99:59:59'],
  [360_000_000, '4d 04:00'],
  [8_639_999_999, '99d 23:59'],
  [8_899_500_000, '103d 00h'],
  [-5, '0.000'],
])('%d ms are %s', (ms, text) => {
  expect(formatOffset(ms)).toBe(text);
  expect(text.length).toBeLessThanOrEqual(offsetWidth);
});
