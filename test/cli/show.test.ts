import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { readPage } from '../report/page-parts.ts';
import { folderWith, good, wrong } from './mxlab.ts';
import { typed } from './typed.ts';

async function traced(): Promise<string> {
  const folder = folderWith({ 'good.yaml': good, 'wrong.yaml': wrong });
  await typed(['run', folder, '--trace', join(folder, 'traces')], { directory: folder });
  return folder;
}

/** The command with a browser that only notes what it is asked to show. */
async function shown(
  ...args: string[]
): Promise<Awaited<ReturnType<typeof typed>> & { readonly opened: string[] }> {
  const opened: string[] = [];
  const result = await typed(['show', ...args], { openInBrowser: (path) => void opened.push(path) });
  return { ...result, opened };
}

test('traces become a page, which is opened, and whose path is printed', async () => {
  const folder = await traced();
  const { code, stdout, stderr, opened } = await shown(join(folder, 'traces'));
  const path = stdout.trimEnd();
  onTestFinished(() => rmSync(dirname(path), { recursive: true }));
  expect({ code, stderr, opened }).toEqual({ code: 0, stderr: '', opened: [path] });
  const { entries, run } = readPage(readFileSync(path, 'utf8'));
  expect(entries.map(({ title, verdict }) => [title, verdict])).toEqual([
    ['A greeting', 'passed'],
    ['A wrong expectation', 'failed'],
  ]);
  expect(run).toMatchObject({ from: 'traces', passed: 1, failed: 1, defects: 0 });
});

test('with --output or --no-open nothing is opened', async () => {
  const folder = await traced();
  const page = join(folder, 'out', 'page.html');
  const kept = await shown(join(folder, 'traces'), '--output', page);
  expect(kept).toMatchObject({ code: 0, stdout: `${page}\n`, opened: [] });
  expect(readFileSync(page, 'utf8')).toContain('A wrong expectation');
  const closed = await shown(join(folder, 'traces'), '--no-open');
  onTestFinished(() => rmSync(dirname(closed.stdout.trimEnd()), { recursive: true }));
  expect(closed.opened).toEqual([]);
});

test('bad traces: all mistakes with their places, exit code 2, and no page', async () => {
  const folder = await traced();
  const page = join(folder, 'page.html');
  writeFileSync(page, 'an older page');
  writeFileSync(join(folder, 'traces', 'a.json'), '{"format":1,');
  writeFileSync(join(folder, 'traces', 'b.json'), '{"b":1}');
  const { code, stdout, stderr, opened } = await shown(join(folder, 'traces'), '--output', page);
  expect({ code, stdout, opened }).toEqual({ code: 2, stdout: '', opened: [] });
  expect(stderr.replaceAll(`${folder}/`, '')).toBe(`traces/a.json:1:12
  |
1 | {"format":1,
  |            ^ is where the file breaks off

traces/b.json: is not a trace; traces come from mxlab run --trace DIR

2 mistakes. No page was made.
`);
  expect(readFileSync(page, 'utf8')).toBe('an older page');
  expect(existsSync(`${page}.part`)).toBe(false);
});

test('a path that does not exist, and a page that cannot be written', async () => {
  const folder = await traced();
  expect(await shown(join(folder, 'nowhere'))).toMatchObject({
    code: 2,
    stderr: `${join(folder, 'nowhere')}: does not exist\n\n1 mistake. No page was made.\n`,
  });
  const { code, stderr } = await shown(
    join(folder, 'traces'),
    '--output',
    join(folder, 'good.yaml', 'x.html'),
  );
  expect(code).toBe(2);
  expect(stderr).toMatch(/^mxlab: \S+x\.html cannot be written: /);
});

test('the reporter: a file beside the terminal, and standard output alone', async () => {
  const folder = folderWith({ 'good.yaml': good });
  const page = join(folder, 'reports', 'page.html');
  const beside = await typed(['run', folder, '--reporter', `html=${page}`], { directory: folder });
  expect(beside.stdout).toContain('1 passed');
  const { stdout } = await typed(['run', folder, '--reporter', 'html'], { directory: folder });
  const parts = [readFileSync(page, 'utf8'), stdout].map(readPage);
  for (const { entries, html } of parts) {
    expect(entries.map(({ title }) => title)).toEqual(['A greeting']);
    expect(html.startsWith('<!doctype html>')).toBe(true);
  }
});
