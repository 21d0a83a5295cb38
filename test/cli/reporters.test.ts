import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, good, mxlab, wrong } from './mxlab.ts';
import { typed } from './typed.ts';

const files = { 'good.yaml': good, 'wrong.yaml': wrong };
const records = (text: string): readonly { readonly type: string }[] =>
  text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

test('json to standard output: one object for each line, and nothing else', async () => {
  const { code, stdout, stderr } = await mxlab(['run', '.', '--reporter', 'json'], {
    cwd: folderWith(files),
  });
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
  const told = records(stdout);
  expect(told[0]).toEqual({ type: 'run', format: 1, scenarios: 2, files: 2, seed: '1' });
  expect(told.filter(({ type }) => type === 'check').at(-1)).toMatchObject({
    passed: false,
    expected: '550 5.7.1',
    file: 'wrong.yaml',
    line: 6,
    column: 13,
  });
  expect(told.at(-1)).toMatchObject({ type: 'end', of: 'run', passed: 1, failed: 1, defects: 0, notRun: 0 });
});

test('a reporter with a file leaves the terminal to people, and its folder is made', async () => {
  const cwd = folderWith(files);
  const { code, stdout } = await mxlab(['run', '.', '--reporter', 'junit=reports/junit.xml'], { cwd });
  expect(code).toBe(1);
  expect(stdout).toMatch(/✗ wrong\.yaml:6:13\n/);
  const document = readFileSync(join(cwd, 'reports/junit.xml'), 'utf8');
  expect(document).toMatch(
    /^<\?xml version="1\.0" encoding="UTF-8"\?>\n<testsuites name="mxlab" tests="2" failures="1" errors="0" skipped="0" /,
  );
  expect(document).toContain('wrong.yaml:6:13');
});

test('several reporters at the same time, the terminal in a file without colours', async () => {
  const folder = folderWith(files);
  const file = (name: string): string => join(folder, name);
  const { stdout } = await typed(
    [
      'run',
      folder,
      '--reporter',
      'json',
      '--reporter',
      `terminal=${file('told.txt')}`,
      '--reporter',
      `junit=${file('junit.xml')}`,
    ],
    { directory: folder, colours: 3, terminal: true },
  );
  expect(records(stdout).at(-1)).toMatchObject({ type: 'end', of: 'run' });
  expect(readFileSync(file('told.txt'), 'utf8')).toBe(
    (await typed(['run', folder], { directory: folder })).stdout,
  );
  expect(readFileSync(file('junit.xml'), 'utf8')).toContain('</testsuites>');
});

test('a file that cannot be written is told before anything is run', async () => {
  const folder = folderWith(files);
  const { code, stdout, stderr } = await typed(['run', folder, '--reporter', `json=${folder}`]);
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^mxlab: \S+ cannot be written: EISDIR[^\n]+\.\n$/);
});

test('mistakes in files reach reporters for machines too', async () => {
  const folder = folderWith({ 'x.yaml': 'scenario: ""\n' });
  const junit = join(folder, 'junit.xml');
  const { code, stdout, stderr } = await typed(
    ['run', folder, '--reporter', 'json', '--reporter', `junit=${junit}`],
    { directory: folder },
  );
  expect(code).toBe(2);
  expect(stderr).toContain('2 mistakes. Nothing was run.');
  expect(records(stdout).filter(({ type }) => type === 'issue')).toMatchObject([
    { file: 'x.yaml', line: 1, column: 1, message: "needs a key 'steps'" },
    { file: 'x.yaml', line: 1, column: 11, message: 'must not be empty' },
  ]);
  expect(readFileSync(junit, 'utf8')).toContain('errors="2"');
});
