import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { shippedHeads } from './shipped.ts';

/** A row of section 1 of the reference: its number as the file names have it, and its threads. */
interface Pain {
  readonly number: string;
  readonly links: readonly string[];
}

const reference = readFileSync(
  new URL('../../fixtures/reference/pains-and-peers.md', import.meta.url),
  'utf8',
);
const table = /^## 1\. .*?(?=^## )/ms.exec(reference)?.[0] ?? '';
const pains = [...table.matchAll(/^\| (\d+) \| ([^|]+) \|/gm)].map(
  ([, number = '', threads = '']): Pain => ({
    number: number.padStart(2, '0'),
    links: threads.match(/https:\/\/[^\s,]+/g) ?? [],
  }),
);

const shipped = await shippedHeads();
const shown = shipped.filter(({ path }) => path.startsWith('pains/'));
const linksOf = ({ about }: { readonly about: string }): readonly string[] =>
  about.match(/https:\/\/[^\s,)]+/g) ?? [];

test('the table is read: 34 rows, numbered, each with a thread', () => {
  expect(pains.map(({ number }) => Number(number))).toEqual(Array.from({ length: 34 }, (_, i) => i + 1));
  expect(pains.filter(({ links }) => links.length === 0)).toEqual([]);
});

describe.each(pains)('pain $number', ({ number, links }) => {
  test('has one file of its own, with its tag and one of its threads', () => {
    const own = shown.filter((scenario) => linksOf(scenario).some((link) => links.includes(link)));
    expect(own.map(({ path }) => path)).toEqual([
      expect.stringMatching(`^pains/${number}-[a-z0-9-]+\\.yaml$`),
    ]);
    expect(own[0]?.tags.filter((tag) => tag.startsWith('pain-'))).toEqual([`pain-${number}`]);
    expect(shipped.filter(({ tags }) => tags.includes(`pain-${number}`))).toEqual(own);
  });

  test('is not shown by the threads of another', () => {
    const foreign = pains.filter((pain) => pain.number !== number).flatMap((pain) => pain.links);
    const own = shown.filter(({ path }) => path.startsWith(`pains/${number}-`));
    expect(own.flatMap(linksOf).filter((link) => foreign.includes(link) && !links.includes(link))).toEqual(
      [],
    );
  });
});

test('there is no file without a row', () => {
  const numbers = pains.map(({ number }) => number);
  expect(
    shown.filter(({ path }) => !numbers.includes(path.slice('pains/'.length).split('-')[0] ?? '')),
  ).toEqual([]);
  expect(shown).toHaveLength(pains.length);
});
