import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Issue } from '../../src/datafile/issue.ts';
import { findTraces } from '../../src/report/find-traces.ts';
import { PageWriter } from '../../src/report/html/page-writer.ts';
import { readTrace } from '../../src/report/read-trace.ts';
import { writeTraces } from '../../src/report/trace.ts';
import { readPage } from './page-parts.ts';
import { smallKnowledge } from './small-knowledge.ts';
import * as stories from './stories.ts';
import { telling, totals } from './telling.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mxlab-traces-'));
});
afterEach(() => rmSync(folder, { recursive: true }));

const results = [
  stories.passed().result(),
  stories.failed('scenarios/failed.yaml').result(),
  stories.waited().result({ defect: 'it broke', passed: false }),
  stories.ended().result(),
  stories.hostile().result(),
  stories.differing(),
];

async function traced(): Promise<string[]> {
  const listener = writeTraces(folder, smallKnowledge);
  for (const result of results) listener.onScenarioEnd?.(result);
  await listener.onRunEnd?.(totals);
  return (await findTraces([folder])).files;
}

async function issuesOf(text: string): Promise<readonly Issue[]> {
  const file = join(folder, 'bad.json');
  writeFileSync(file, text);
  const read = await readTrace(file);
  if (!Array.isArray(read)) throw new Error('there is nothing wrong with it');
  return read;
}

test('a page of traces shows what the page of the run shows', async () => {
  let html = '';
  const page = new PageWriter((text) => {
    html += text;
  });
  for (const file of await traced()) {
    const trace = await readTrace(file);
    if (Array.isArray(trace)) throw new Error(JSON.stringify(trace));
    page.add(trace);
  }
  page.end({
    from: 'traces',
    passed: 0,
    failed: 0,
    defects: 0,
    notRun: 0,
    simulatedMs: 0,
    realMs: 0,
    issues: [],
  });
  const shown = (text: string): unknown =>
    readPage(text)
      .scenarios.map(({ id, ...rest }) => JSON.stringify({ ...rest }).replace(/"explained":\d+/g, ''))
      .sort();
  expect(shown(html)).toEqual(shown(await telling('html', results)));
});

test('a file that breaks off is told where', async () => {
  const [file = ''] = await traced();
  const text = readFileSync(file, 'utf8').slice(0, 500);
  expect(await issuesOf(text)).toEqual([
    {
      file: join(folder, 'bad.json'),
      line: 1,
      column: 500,
      length: 1,
      message: 'is where the file breaks off',
    },
  ]);
});

test('what is no JSON is told where', async () => {
  expect(await issuesOf('{\n  "format": 1,\n  "steps": []]\n}')).toMatchObject([
    { line: 3, column: 14, message: 'is not JSON' },
  ]);
  expect(await issuesOf('')).toMatchObject([{ line: 1, message: 'is where the file breaks off' }]);
});

test('a field of the wrong kind is told with its place', async () => {
  const [file = ''] = await traced();
  const text = readFileSync(file, 'utf8').replace(
    /"passed":(?:true|false),"simulatedMs"/,
    '"passed":"no","simulatedMs"',
  );
  const [issue] = await issuesOf(text);
  expect(text.slice((issue?.column ?? 0) - 1).startsWith('"no"')).toBe(true);
  expect(issue).toMatchObject({ line: 1, length: 4 });
});

test('of a long file the path is told', async () => {
  const [file = ''] = await traced();
  const trace = JSON.parse(readFileSync(file, 'utf8')) as { steps: { atMs: unknown }[]; more?: string };
  for (const step of trace.steps.slice(0, 1)) step.atMs = 'soon';
  trace.more = 'x'.repeat(1024 * 1024);
  expect(await issuesOf(JSON.stringify(trace))).toMatchObject([
    { length: 0, message: expect.stringMatching(/^steps\.0\.atMs: /) },
  ]);
});

test.each([
  ['{"format":2,"steps":[]}', 'is a trace of format 2; this mxlab reads format 1'],
  ['{"a":1}', 'is not a trace'],
  ['[]', 'is not a trace'],
  ['null', 'is not a trace'],
])('%s', async (text, message) => {
  expect(await issuesOf(text)).toMatchObject([{ length: 0, message }]);
});

test('new fields may come at any time', async () => {
  const [file = ''] = await traced();
  writeFileSync(file, readFileSync(file, 'utf8').replace('{"format":1,', '{"format":1,"news":[1],'));
  expect(Array.isArray(await readTrace(file))).toBe(false);
});

test('folders are searched, files stand for themselves, none twice', async () => {
  mkdirSync(join(folder, 'below'));
  for (const name of ['b.json', 'a.json', 'notes.txt', 'below/c.json'])
    writeFileSync(join(folder, name), '{}');
  const { files } = await findTraces([join(folder, 'b.json'), folder]);
  expect(files).toEqual(['b.json', 'a.json', 'below/c.json'].map((name) => join(folder, name)));
  const { issues } = await findTraces([join(folder, 'nowhere'), join(folder, 'below', '..', 'below')]);
  expect(issues).toMatchObject([{ message: 'does not exist' }]);
  rmSync(join(folder, 'below', 'c.json'));
  expect((await findTraces([join(folder, 'below')])).issues).toMatchObject([
    { message: 'holds no .json files' },
  ]);
  expect(readdirSync(folder)).toContain('below');
});
