import { expect, test } from 'vitest';
import { createPalette } from '../../../src/report/palette.ts';
import { countFindings, renderFindings } from '../../../src/report/verify/findings.ts';
import type { Finding } from '../../../src/verify/preflight/finding.ts';

const palette = createPalette({ colour: 0, unicode: true });
const finding = (own: Partial<Finding>): Finding => ({
  check: 'block-list',
  about: 'bl.example',
  verdict: 'fine',
  says: 'It is not on bl.example.',
  evidence: [],
  grounds: [],
  ...own,
});

test('block lists that say the same share a place', () => {
  const silent = { verdict: 'could not tell', advice: 'Ask another name server.' } as const;
  const lines = renderFindings(
    [
      finding({ about: 'a.example' }),
      finding({ about: 'b.example' }),
      finding({ ...silent, about: 'c.example', says: 'c.example gave no answer.' }),
      finding({ ...silent, about: 'd.example', says: 'd.example gave no answer.' }),
      finding({ about: 'e.example', verdict: 'bad', says: 'It is on e.example.' }),
    ],
    { palette, columns: 100 },
  );
  expect(lines).toEqual([
    '  ✓ Block lists     On none of 2: a.example, b.example.',
    '  ? Block lists     c.example gave no answer. So with d.example.',
    '                    Do: Ask another name server.',
    '  ✗ Block lists     It is on e.example.',
  ]);
});

test('what comes from the other side cannot steer the terminal, and no line is too wide', () => {
  const evil = 'x\x1b[2J\r\n\u202e'.repeat(30);
  const lines = renderFindings(
    [
      finding({
        verdict: 'bad',
        says: evil,
        evidence: [{ asked: evil, answered: evil }],
        advice: evil,
        grounds: [evil],
      }),
    ],
    { palette, columns: 60 },
  );
  expect(lines.join('\n')).not.toMatch(/[\x1b\r\u202e]/);
  expect(lines.filter((line) => line.length > 60)).toEqual([]);
});

test('how many are how', () => {
  const verdicts = ['fine', 'bad', 'fine', 'could not tell'] as const;
  expect(countFindings(verdicts.map((verdict) => finding({ verdict })))).toBe(
    '1 bad, 1 could not tell, 2 fine',
  );
});
