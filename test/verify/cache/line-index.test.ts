import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { LineIndex } from '../../../src/verify/cache/line-index.ts';

const key = (n: number): Buffer => createHash('md5').update(`${n}`).digest();

test('every key is found where it was set last, however many there are', () => {
  const index = new LineIndex();
  const count = 50_000;
  for (let n = 0; n < count; n++) index.set(key(n), n * 700);
  for (let n = 0; n < count; n += 3) index.set(key(n), n + 2 ** 40);
  expect(index.size).toBe(count);
  const wrong = Array.from({ length: count }, (_, n) => n).filter(
    (n) => index.get(key(n)) !== (n % 3 === 0 ? n + 2 ** 40 : n * 700),
  );
  expect(wrong).toEqual([]);
  expect(index.get(key(count))).toBeUndefined();
});

test('the first line of a file has a place too', () => {
  const index = new LineIndex();
  index.set(key(1), 0);
  expect(index.get(key(1))).toBe(0);
});
