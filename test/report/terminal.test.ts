import { stripVTControlCharacters } from 'node:util';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import type { ScenarioResult } from '../../src/scenario/result.ts';
import * as stories from './stories.ts';
import { telling } from './telling.ts';

/** Every story that a terminal is shown, by the name of the file with what it should show. */
const shown: Readonly<Record<string, () => readonly ScenarioResult[]>> = {
  passed: () => [stories.passed().result()],
  failed: () => [stories.failed().result()],
  ended: () => [stories.ended().result()],
  waited: () => [stories.waited().result()],
  difference: () => [stories.differing()],
  hostile: () => [stories.hostile().result()],
  several: () => [
    stories.passed().result(),
    stories.failed('scenarios/outlook/another.yaml').result(),
    stories.waited().result(),
    stories
      .waited()
      .result({ passed: false, defect: 'Error: it broke\n    at somewhere (file.ts:1:2)\x1b[2J' }),
  ],
};

describe('what a person reads', () => {
  test.each(Object.entries(shown))('%s', async (name, results) => {
    await expect(await telling('terminal', results())).toMatchFileSnapshot(`terminal/${name}.txt`);
  });

  test.each([40, 132])('in %i columns', async (columns) => {
    const results = [stories.failed().result(), stories.differing(), stories.hostile().result()];
    await expect(await telling('terminal', results, { columns })).toMatchFileSnapshot(
      `terminal/columns-${columns}.txt`,
    );
  });

  test('in ASCII', async () => {
    const text = await telling(
      'terminal',
      [stories.passed().result(), stories.failed('b.yaml').result(), stories.differing()],
      { unicode: false },
    );
    expect(text.replace(/\\u[0-9a-f]{4}|[漢字]/g, '')).toMatch(/^[\n\x20-\x7e]*$/);
    await expect(text).toMatchFileSnapshot('terminal/ascii.txt');
  });
});

describe('details', () => {
  const results = (): readonly ScenarioResult[] => [
    stories.waited().result(),
    stories.failed().result(),
    stories.passed('scenarios/outlook/another.yaml').result(),
  ];

  test.each(['full', 'failures', 'summary'] as const)('%s', async (detail) => {
    await expect(await telling('terminal', results(), { detail })).toMatchFileSnapshot(
      `terminal/detail-${detail}.txt`,
    );
  });

  test('of a matrix one dialogue is shown, and every one that failed', async () => {
    const variant = (told: ReturnType<typeof stories.passed>, name: string): ScenarioResult => {
      const result = told.result();
      return { ...result, scenario: { ...result.scenario, variant: name } };
    };
    const matrix = [
      variant(stories.passed(), 'how: close'),
      variant(stories.passed(), 'how: reset'),
      variant(stories.failed(), 'how: 421'),
      variant(stories.passed(), 'how: silence'),
    ];
    await expect(await telling('terminal', matrix)).toMatchFileSnapshot('terminal/matrix.txt');
  });
});

describe('many files', () => {
  /** Thirteen files: more than are shown one by one. */
  const many = (): ScenarioResult[] => [
    ...Array.from({ length: 6 }, (_, i) => stories.passed(`scenarios/a/${i}.yaml`).result()),
    ...Array.from({ length: 5 }, (_, i) => stories.waited(`scenarios/b/${i}.yaml`).result()),
    stories.failed('scenarios/b/failed.yaml').result(),
    { ...stories.differing(), passed: true },
  ];

  test('show a dialogue where something new comes up, fails or differs', async () => {
    const text = await telling('terminal', many());
    const told = text.match(/^scenarios\/.+\.yaml$/gm);
    expect(told).toEqual([
      'scenarios/a/0.yaml',
      'scenarios/b/0.yaml',
      'scenarios/b/failed.yaml',
      'scenarios/target.yaml',
    ]);
    expect(text.match(/^ {4}[✓✗] /gm)).toHaveLength(13 + 1);
    expect(text).toContain('Dialogues are shown where something new comes up');
  });

  test('one file fewer, and each has its own', async () => {
    const text = await telling('terminal', many().slice(1));
    expect(text.match(/^scenarios\/.+\.yaml$/gm)).toHaveLength(12);
    expect(text).not.toContain('Dialogues are shown');
  });

  test('all of them if that is wanted', async () => {
    const text = await telling('terminal', many(), { detail: 'full' });
    expect(text.match(/^scenarios\/.+\.yaml$/gm)).toHaveLength(13);
  });
});

describe('colour', () => {
  test('says the same as no colour', async () => {
    const plain = await telling('terminal', shown.several?.() ?? []);
    expect(plain).not.toContain('\x1b');
    for (const colour of [1, 2, 3] as const) {
      const coloured = await telling('terminal', shown.several?.() ?? [], { colour });
      expect(coloured).toContain('\x1b[3');
      expect(stripVTControlCharacters(coloured)).toBe(plain);
    }
  });

  test('ends on every line that it begins on, so that margins stay uncoloured', async () => {
    const coloured = await telling('terminal', [stories.failed().result(), stories.differing()], {
      colour: 1,
    });
    for (const line of coloured.split('\n')) {
      const opened = line.match(/\x1b\[(?:1|2|3[0-7])m/g)?.length ?? 0;
      const closed = line.match(/\x1b\[(?:22|39)m/g)?.length ?? 0;
      expect([line, closed]).toEqual([line, opened]);
    }
  });
});

describe('whatever a host says', () => {
  const told = (): ScenarioResult[] => [stories.hostile().result(), stories.differing()];

  test.each([20, 33, 40, 59, 60, 80, 132])('fits into %i columns', async (columns) => {
    const text = await telling('terminal', told(), { columns });
    for (const line of text.split('\n').filter((one) => !one.includes('.yaml'))) {
      expect([line, stringWidth(line) <= Math.max(columns, 30)]).toEqual([line, true]);
    }
  });

  test.each(['terminal', 'json', 'junit'])(
    'no raw control character reaches the output of %s',
    async (name) => {
      const text = await telling(name, told());
      expect(text).not.toMatch(
        /[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/,
      );
    },
  );

  test('a terminal that does not know its width is taken for a usual one', async () => {
    expect(await telling('terminal', told(), { columns: 0 })).toBe(
      await telling('terminal', told(), { columns: 80 }),
    );
  });
});

test('what was explained is only named the second time, in the same scenario and in the next', async () => {
  const text = await telling('terminal', [stories.waited().result(), stories.waited('b.yaml').result()]);
  expect(text.match(/greylisted · about the client$/gm)).toHaveLength(1);
  expect(text.match(/greylisted · about the client \(explained above\)$/gm)).toHaveLength(1);
});

test('trailing blanks are nowhere', async () => {
  for (const results of Object.values(shown))
    expect(await telling('terminal', results())).not.toMatch(/[ \t]$/m);
});

test('scenarios that were not run are counted', async () => {
  const text = await telling(
    'terminal',
    [stories.passed().result()],
    {},
    { totals: { notRun: 3, defects: 1 } },
  );
  expect(text).toContain('1 passed, 1 broken off, 3 not run\n1 d 2 h simulated in 1.4 s\n');
});

test('the knowledge that comes with the package has its say', async () => {
  const knowledge = await loadKnowledge();
  const text = await telling(
    'terminal',
    [stories.passed().result(), stories.waited().result(), stories.ended().result()],
    { knowledge },
  );
  expect(text).toMatch(/ {11}│ {2}blocklisted · about the client\n {11}│ {2}550 .+5\.7\.1/);
  expect(text).toMatch(/ {11}│ {2}Do: \S+/);
  expect(text).toMatch(/ {11}│ {2}(?:Your side|Their side|In between): \S+/);
});
