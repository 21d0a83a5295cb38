import { expect, test } from 'vitest';
import { shippedHeads } from './shipped.ts';

/** Rows of section 4, "How connections end", of the reference on provider behaviour. */
const endings = Array.from({ length: 22 }, (_, i) => `ending-${`${i + 1}`.padStart(2, '0')}`);

const shipped = await shippedHeads();

test.each(endings)('%s is shown by a scenario, and by one only', (ending) => {
  expect(shipped.filter(({ tags }) => tags.includes(ending))).toHaveLength(1);
});

test('a file in endings/ is there for the ending that it is named after', () => {
  const own = shipped.filter(({ path }) => path.startsWith('endings/'));
  expect(own.length).toBeGreaterThan(0);
  for (const { path, tags } of own)
    expect(tags).toContain(`ending-${path.slice('endings/'.length).split('-')[0]}`);
  expect(
    shipped.flatMap(({ tags }) => tags.filter((tag) => tag.startsWith('ending-') && !endings.includes(tag))),
  ).toEqual([]);
});
