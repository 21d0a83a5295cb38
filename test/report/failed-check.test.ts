import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { createPalette } from '../../src/report/palette.ts';
import { fitExcerpt, renderFailedCheck } from '../../src/report/terminal/failed-check.ts';
import type { StepResult } from '../../src/scenario/result.ts';
import { scenarioOf, Told } from './told.ts';

const palette = createPalette({ colour: 0, unicode: true });

/** What is marked for the first failed check of a step that got `250 2.0.0 ok`. */
function marked(step: string, columns = 80): string {
  const text = `scenario: A\nhosts: { mx: postfix }\nsteps:\n${step.replace(/^/gm, '  ')}\n`;
  const told = new Told(scenarioOf('a.yaml', text)).step([{ hear: ['550 5.0.0 no'], stage: 'mail' }]);
  const [result] = told.steps as [StepResult];
  const [check] = result.checks.filter(({ passed }) => !passed);
  if (!check) throw new Error('no check failed');
  const lines = renderFailedCheck(result, check, { palette, columns, directory: undefined });
  const source = lines.find((line) => /^ +\d+ \|/.test(line)) ?? '';
  const carets = lines.find((line) => /\| *\^+$/.test(line)) ?? '';
  return source.slice(carets.indexOf('^'), carets.lastIndexOf('^') + 1);
}

describe('the caret stands under', () => {
  test.each([
    ['the expectation', '- mail: a@b.example\n  expect: 250', '250'],
    ['its key in a mapping', '- mail: a@b.example\n  expect: { text: foo, reply: 250 2.1.0 }', '250 2.1.0'],
    ['a key in a block', '- mail: a@b.example\n  expect:\n    lines: 4', '4'],
    [
      'all of several alternatives',
      '- mail: a@b.example\n  expect: [250, 450, closed]',
      '[250, 450, closed]',
    ],
    ['an expectation in front of the verb', '- expect: 250\n  mail: a@b.example', '250'],
    ['the verb without an expectation', '- mail: a@b.example', 'mail'],
    ['the verb behind a title', '- title: Takes the sender\n  mail: a@b.example', 'mail'],
    ['a verb that stands alone', '- quit', 'quit'],
    ['an empty verb', '- quit:', 'quit'],
  ])('%s', (_, step, expected) => {
    expect(marked(step)).toBe(expected);
    expect(marked(step, 30)).toBe(expected);
  });
});

describe('a long line', () => {
  const carets = (start: number, length: number): string[] => [
    '  |',
    `1 | ${'漢字'.repeat(20)}${'x'.repeat(40)}`,
    `  | ${' '.repeat(start)}${'^'.repeat(length)}`,
  ];

  test.each([
    [0, 3],
    [10, 3],
    [60, 6],
    [90, 20],
    [100, 60],
    [118, 2],
  ])('marked at %i for %i columns is cut around the mark', (start, length) => {
    for (const columns of [20, 30, 45, 80]) {
      const lines = fitExcerpt(carets(start, length), columns, '…');
      for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
      expect(lines[2]).toContain('^');
    }
  });

  test('that fits stays as it is', () => {
    expect(fitExcerpt(carets(10, 3), 200, '…')).toEqual(carets(10, 3));
  });

  test('keeps the mark over the same characters', () => {
    const text = `${'a'.repeat(50)}MARKED${'b'.repeat(50)}`;
    const [, source = '', mark = ''] = fitExcerpt(
      ['   |', `12 | ${text}`, `   | ${' '.repeat(50)}^^^^^^`],
      40,
      '…',
    );
    expect(source.slice(mark.indexOf('^'), mark.lastIndexOf('^') + 1)).toBe('MARKED');
    expect(source).toMatch(/^12 \| …a+MARKEDb+…$/);
  });
});
