import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { traceName, writeTraces } from '../../src/report/trace.ts';
import type { ScenarioResult } from '../../src/scenario/result.ts';
import { smallKnowledge } from './small-knowledge.ts';
import * as stories from './stories.ts';
import { totals } from './telling.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'mxlab-trace-'));
});
afterEach(() => rm(folder, { recursive: true }));

async function trace(
  results: readonly ScenarioResult[],
  into = join(folder, 'deep', 'er'),
): Promise<Record<string, unknown>[]> {
  const listener = writeTraces(into, smallKnowledge);
  for (const result of results) listener.onScenarioEnd?.(result);
  await listener.onRunEnd?.(totals);
  const names = (await readdir(into)).sort();
  return Promise.all(
    names.map(
      async (name) => JSON.parse(await readFile(join(into, name), 'utf8')) as Record<string, unknown>,
    ),
  );
}

test('a folder that can never be made is told, and not tried for ever', async () => {
  await expect(trace([stories.passed().result()], '/proc/mxlab/traces')).rejects.toThrow(/cannot be written/);
  await writeFile(join(folder, 'file'), '');
  await expect(trace([stories.passed().result()], join(folder, 'file'))).rejects.toThrow(/cannot be written/);
});

test('a scenario can be told again from its trace alone', async () => {
  const { scenario, steps, transcripts } = stories.passed().result();
  const [read] = await trace([stories.passed().result()]);
  expect(read).toMatchObject({
    format: 1,
    scenario: { title: scenario.scenario, file: scenario.file, hosts: scenario.hosts },
    sources: [{ file: scenario.file, text: stories.blockListed }],
    passed: true,
    connections: transcripts,
  });
  const told = read?.steps as Record<string, unknown>[];
  expect(told.map(({ title }) => title)).toEqual(steps.map(({ title }) => title));
  expect(told[2]).toMatchObject({
    line: 12,
    column: 5,
    checks: [
      { passed: true, path: ['reply'], line: 13, column: 22 },
      { passed: true, path: ['reason'] },
    ],
    dialogue: [
      { kind: 'lines', by: 'client', lines: ['MAIL FROM:<validator@example.net>'] },
      {
        kind: 'reply',
        stage: 'mail',
        code: 550,
        explanation: { reason: 'blocklisted', advice: 'Ask the list for removal.' },
      },
    ],
  });
  expect(told[3]).toMatchObject({
    dialogue: [{}, { kind: 'ending', explanation: { id: 'disconnected-at-rcpt' } }],
  });
});

test('with a target, the twin is there too', async () => {
  const [read] = await trace([stories.differing()]);
  expect(read).toMatchObject({
    differences: [{ step: 1 }, { step: 2 }, { step: 4, matters: true }],
    simulatedTwin: { steps: [{}, {}, {}, {}] },
  });
});

test('names are stable, readable, and never the same for two scenarios', () => {
  const name = traceName('scenarios/outlook/cut-off.yaml', 'at: mail, how: reset');
  expect(name).toMatch(/^scenarios-outlook-cut-off-at-mail-how-reset-[0-9a-f]{8}\.json$/);
  expect(traceName('scenarios/outlook/cut-off.yaml', 'at: mail, how: reset')).toBe(name);
  const others = [
    ['a b.yaml', ''],
    ['a-b.yaml', ''],
    ['a.yaml', 'b'],
    ['a.yaml', 'B'],
    ['漢.yaml', ''],
    ['字.yaml', ''],
    [`${'x'.repeat(300)}.yaml`, 'y'.repeat(300)],
  ];
  const names = others.map(([file = '', variant = '']) => traceName(file, variant));
  expect(new Set(names).size).toBe(names.length);
  for (const one of names) expect(one).toMatch(/^[a-z0-9-]{8,140}\.json$/);
});

test('a file in the way is told when the run ends', async () => {
  const inTheWay = join(folder, 'file');
  await writeFile(inTheWay, '');
  await expect(trace([stories.passed().result()], inTheWay)).rejects.toThrow(
    /traces cannot be written to .+file: /,
  );
});
