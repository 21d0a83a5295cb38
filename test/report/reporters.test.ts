import { expect, test } from 'vitest';
import {
  createReporter,
  isReporterName,
  reporterNames,
  unknownReporter,
} from '../../src/report/reporters.ts';
import { smallKnowledge } from './small-knowledge.ts';

const options = {
  write: () => {},
  knowledge: smallKnowledge,
  columns: 80,
  colour: 0,
  unicode: true,
  isTerminal: false,
} as const;

test.each(reporterNames)('%s is a listener that may hear nothing at all', async (name) => {
  const reporter = createReporter(name, options);
  await reporter.onRunEnd?.({ passed: 0, failed: 0, defects: 0, notRun: 0, simulated: 0, real: 0 });
  expect(isReporterName(name)).toBe(true);
});

const known = reporterNames.join(', ');

test.each([
  ['jsn', `there is no reporter called jsn; did you mean json? (known: ${known})`],
  ['xyzzy', `there is no reporter called xyzzy; known: ${known}`],
  ['toString', `there is no reporter called toString; known: ${known}`],
])('%s is not there', (name, message) => {
  expect(isReporterName(name)).toBe(false);
  expect(unknownReporter(name)).toBe(message);
  expect(() => createReporter(name, options)).toThrow(new RangeError(message));
});
