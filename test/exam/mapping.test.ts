import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isMapping, loadMapping, type Mapping, mappingNames, verdictIn } from '../../src/exam/mapping.ts';
import { valueIn } from '../../src/exam/validator.ts';
import type { Verdict } from '../../src/verify/vocabulary.ts';
import { folderWith } from '../cli/mxlab.ts';

interface Sample {
  readonly value?: unknown;
  readonly text?: string;
  readonly exit?: number;
  readonly verdict: Verdict | null;
}

const samples: Readonly<Record<string, readonly Sample[]>> = parse(
  readFileSync(new URL('mapping-samples.yaml', import.meta.url), 'utf8'),
);
const names = await mappingNames();

async function mappingCalled(name: string): Promise<Mapping> {
  const read = await loadMapping(name);
  if (!isMapping(read)) throw new Error(read.map(({ message }) => message).join('\n'));
  return read;
}

const saidIn = ({ value, text, exit }: Sample) => ({
  value: value ?? valueIn(text ?? ''),
  text: text ?? JSON.stringify(value ?? ''),
  ...(exit === undefined ? {} : { exit }),
});

test('every ready mapping has samples', () => {
  expect(Object.keys(samples).sort()).toEqual(names);
});

describe.each(names)('%s', (name) => {
  test.each(samples[name] ?? [])('%j', async (sample) => {
    expect(verdictIn(saidIn(sample), await mappingCalled(name)) ?? null).toBe(sample.verdict);
  });

  test('none of its answers is idle', async () => {
    const { answers } = await mappingCalled(name);
    const winners = (samples[name] ?? []).map((sample) =>
      answers.findIndex((answer) => verdictIn(saidIn(sample), { name, answers: [answer] }) !== undefined),
    );
    expect([...new Set(winners)].filter((at) => at >= 0).sort((a, b) => a - b)).toEqual(
      answers.map((_, i) => i),
    );
  });
});

test("a mapping of one's own is a file", async () => {
  const folder = folderWith({
    'own.yaml': 'mapping: ours\nanswers:\n  - { when: { status.code: [1, 2] }, verdict: deliverable }\n',
  });
  const mapping = await mappingCalled(`${folder}/own.yaml`);
  expect(mapping.name).toBe('ours');
  expect(verdictIn({ value: { status: { code: 2 } }, text: '' }, mapping)).toBe('deliverable');
  expect(verdictIn({ value: { status: { code: '2' } }, text: '' }, mapping)).toBeUndefined();
});

test('what an answer only inherits is not in it', () => {
  const when = { 'constructor.name': 'Object' };
  const mapping: Mapping = { name: 'x', answers: [{ when, verdict: 'deliverable' }] };
  expect(verdictIn({ value: {}, text: '' }, mapping)).toBeUndefined();
});

test('mistakes in a mapping are told with their place', async () => {
  const folder = folderWith({
    'own.yaml': 'mapping: ours\nanswers:\n  - { when: { valid: true }, verdict: delivrable }\n',
  });
  const read = await loadMapping(`${folder}/own.yaml`);
  if (isMapping(read)) throw new Error('it was read');
  expect(read).toMatchObject([{ line: 3 }]);
});

test.each([
  ['{"valid": true}', { valid: true }],
  ['checking...\n{"valid": false}\n', { valid: false }],
  ['deliverable\n', 'deliverable'],
  ['', ''],
])('the value in %j', (text, value) => {
  expect(valueIn(text)).toEqual(value);
});
