import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type KnownDifference, knownDifferences, settle } from './known-differences.ts';

const listed: KnownDifference = {
  scenario: 'a.yaml',
  step: 'NOOP',
  simulated: '250 Ok',
  real: '250 Fine',
  reason: 'words',
};
const found = { scenario: 'a.yaml', step: 'NOOP', simulated: '250 Ok', real: '250 Fine' };

test('a listed difference that is found is nothing to report', () => {
  expect(settle([found], [listed])).toEqual({ unexpected: [], gone: [] });
});

test('a difference that is not listed is unexpected', () => {
  const other = { ...found, real: '250 Well' };
  expect(settle([found, other], [listed])).toEqual({ unexpected: [other], gone: [] });
});

test('a listed difference that is not found is gone', () => {
  expect(settle([], [listed])).toEqual({ unexpected: [], gone: [listed] });
});

test('every entry of the list has its reason, and its place in README.md', async () => {
  const readme = await readFile(new URL('README.md', import.meta.url), 'utf8');
  for (const { scenario, reason } of await knownDifferences()) {
    expect(reason.length).toBeGreaterThan(20);
    expect(readme).toContain(scenario.replace('scenarios/conformance/', ''));
  }
});
