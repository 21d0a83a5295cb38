import { expect, test } from 'vitest';
import { Recent } from '../../src/verify/recent.ts';

const filled = (most: number, count: number): Recent<number> => {
  const recent = new Recent<number>(most);
  for (let i = 0; i < count; i++) recent.set(`${i}`, i);
  return recent;
};

test.each([2, 5, 10, 40])(
  'of many, the latest half of %i at least, and not more than all of them',
  (most) => {
    for (let count = 1; count <= 3 * most; count++) {
      const all = Array.from({ length: count }, (_, i) => i);
      const kept = all.filter((i) => filled(most, count).get(`${i}`) !== undefined); // to look is to keep
      expect(kept.length).toBeLessThanOrEqual(most);
      expect(kept.length).toBeGreaterThanOrEqual(Math.min(count, Math.floor(most / 2)));
      expect(kept).toEqual(all.slice(-kept.length));
    }
  },
);

test('what is looked at stays', () => {
  const recent = new Recent<number>(10);
  recent.set('first', 1);
  for (let i = 0; i < 1_000; i++) {
    recent.set(`${i}`, i);
    expect(recent.get('first')).toBe(1);
  }
});

test('a new value takes the place of the old one, in either generation', () => {
  const recent = new Recent<string>(4);
  for (const key of ['a', 'b', 'c']) recent.set(key, 'old');
  recent.set('a', 'new');
  expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual(['new', 'old', 'old']);
  recent.delete('a');
  recent.delete('c');
  expect(['a', 'b', 'c'].map((key) => recent.get(key))).toEqual([undefined, 'old', undefined]);
});
