import { describe, expect, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import type { Stage } from '../../src/smtp/stage.ts';

const { codes, enhancedCodes, reasons } = await loadKnowledge();

/** Every number that is in use, by a standard or not. */
const inUse = [
  101, 111, 200, 211, 214, 220, 221, 235, 240, 250, 251, 252, 253, 334, 353, 354, 355, 403, 420, 421, 422,
  430, 431, 432, 441, 442, 446, 447, 449, 450, 451, 452, 453, 454, 455, 458, 459, 471, 500, 501, 502, 503,
  504, 505, 510, 511, 512, 513, 514, 515, 516, 517, 518, 520, 521, 522, 523, 524, 525, 530, 531, 532, 533,
  534, 535, 538, 540, 541, 542, 544, 546, 547, 550, 551, 552, 553, 554, 555, 556, 557, 570, 571, 572, 573,
  574,
];

/** How far the registry goes in each subject: first and last detail. */
const registry = {
  0: [0, 0],
  1: [0, 10],
  2: [0, 4],
  3: [0, 6],
  4: [0, 7],
  5: [0, 6],
  6: [0, 10],
  7: [0, 30],
} as const;

test('all 85 basic codes and no others', () => {
  expect([...codes.keys()]).toEqual(inUse);
  expect(codes.size).toBe(85);
});

test('all 81 enhanced codes and no others', () => {
  const expected = Object.entries(registry).flatMap(([subject, [first, last]]) =>
    Array.from({ length: last - first + 1 }, (_, n) => `X.${subject}.${first + n}`),
  );
  expect([...enhancedCodes.keys()]).toEqual(expected);
  expect(enhancedCodes.size).toBe(81);
});

describe.each([...codes.values()])('$code', (entry) => {
  test('names its source: a section of an RFC, or that no standard has it', () => {
    const ruled =
      entry.standing === 'standard' || entry.standing === 'extension' || entry.standing === 'experimental';
    if (ruled) expect(entry.source).toMatch(/^RFC \d{4} \d/);
    else expect(entry.source.length).toBeGreaterThan(5);
  });

  test('its dotless reading is its own digits', () => {
    if (entry.dotless !== undefined) expect(entry.dotless.replaceAll('.', '')).toBe(String(entry.code));
  });

  test('reads as prose', () => {
    for (const text of [
      entry.says,
      entry.advice,
      entry['often-wrong'],
      ...Object.values(entry.at ?? {}).map((here) => here?.says),
    ]) {
      if (text !== undefined) expect(text).toMatch(/^["A-Z].*[.\d]$|^qmail .*\.$/s);
    }
  });
});

describe.each([...enhancedCodes.values()])('$code', (entry) => {
  test('names the section that defines it', () => {
    expect(entry.source).toMatch(/^(?:RFC \d{4} \d|draft-)/);
  });

  test('says something for every class it is meant for', () => {
    expect(entry.intended.filter((digit) => entry.class[`${digit}`] === undefined)).toEqual([]);
  });
});

test('every reason has its causes, advice and conclusion', () => {
  for (const reason of Object.values(reasons))
    expect(reason.causes.every((cause) => cause.endsWith('.'))).toBe(true);
});

/** The table of RFC 5321 4.3.2 with the additions of RFC 7504 5.1; RFC 3207 4 and RFC 4954 4, 6 for their commands. */
const table: Partial<Record<Stage, readonly number[]>> = {
  greeting: [220, 554, 521],
  ehlo: [250, 504, 550, 502],
  starttls: [220, 501, 454],
  auth: [334, 235, 432, 454, 500, 501, 503, 504, 534, 535, 538],
  mail: [250, 552, 451, 452, 550, 553, 503, 455, 555],
  rcpt: [250, 251, 550, 551, 552, 553, 450, 451, 452, 503, 455, 555, 556],
  data: [354, 503, 554],
  message: [250, 552, 554, 451, 452, 450, 550],
  quit: [221],
};

test.each(Object.entries(table))('the table knows what may answer at %s', (stage, allowed) => {
  for (const code of allowed) {
    const stages: readonly string[] = codes.get(code)?.stages ?? [];
    expect(stages.includes('any') || stages.includes(stage), `${code} at ${stage}`).toBe(true);
  }
});
