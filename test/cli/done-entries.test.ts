import { expect, test } from 'vitest';
import { DoneEntries } from '../../src/cli/done-entries.ts';

test('an entry is done once it was added, and no other is, however far down the list it stands', () => {
  const done = new DoneEntries();
  const added = [1, 7, 8, 8_191, 8_192, 2 ** 31 - 1, 2 ** 31, 2 ** 31 + 8, 2 ** 32 + 1, 2 ** 53 - 1];
  for (const n of [...added, ...added]) done.add(n);
  expect(done.count).toBe(added.length);
  expect(added.filter((n) => !done.has(n))).toEqual([]);
  const others = [2, 9, 8_190, 8_193, 2 ** 31 + 1, 2 ** 32, 2 ** 32 + 7, 2 ** 53 - 2];
  expect(others.filter((n) => done.has(n))).toEqual([]);
});
