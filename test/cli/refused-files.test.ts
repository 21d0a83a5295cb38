import { mkdirSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { folderWith, good, mxlab, scenario } from './mxlab.ts';
import { typed } from './typed.ts';

/** What is told of files that cannot be run, without the folder they are in. */
async function refusal(files: Readonly<Record<string, string | Buffer>>, ...args: string[]): Promise<string> {
  const folder = folderWith(files);
  const { code, stdout, stderr } = await typed([...args, folder], { directory: folder });
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  return stderr.replaceAll(`${folder}/`, '');
}

const five = `scenario: Five mistakes of five kinds
hosts:
  mx.example.net: outlok
steps:
  - connect: mx.example.com
  - ehlo: probe.example.net
    expect: 2500
  - wait: five minutes
  - rctp: ada@example.net
`;

for (const [command, end] of [
  ['run', /\n5 mistakes\. Nothing was run\.\n$/],
  ['check', /\n5 mistakes\.\n$/],
] as const) {
  test(`claim 2: ${command} shows five different mistakes at once, each with its place, and ends with 2`, async () => {
    const cwd = folderWith({ 'five.yaml': five });
    const { code, stdout, stderr } = await mxlab([command, 'five.yaml'], { cwd });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.match(/^five\.yaml:\d+:\d+$/gm)).toEqual(
      ['3:19', '5:14', '7:13', '8:11', '9:5'].map((place) => `five.yaml:${place}`),
    );
    expect(stderr).toMatch(end);
    expect(stderr).toContain(`
  |
3 |   mx.example.net: outlok
  |                   ^^^^^^ is not a provider
  = did you mean outlook?
`);
  });
}

test('mistakes of several files are told together, and nothing is run', async () => {
  const text = await refusal({ 'a.yaml': 'scenario: ""\n', 'b.yaml': five, 'good.yaml': good }, 'run');
  expect(text.match(/^[ab]\.yaml:\d+:\d+$/gm)).toHaveLength(7);
  expect(text).toMatch(/\n7 mistakes\. Nothing was run\.\n$/);
});

test('claim 2: an unknown provider is one clear error', async () => {
  expect(
    await refusal({ 'x.yaml': scenario('X', '  - connect: mx.example.net\n', { provider: 'gmial' }) }, 'run'),
  ).toBe(
    `x.yaml:2:26
  |
2 | hosts: { mx.example.net: gmial }
  |                          ^^^^^ is not a provider
  = did you mean gmail?

1 mistake. Nothing was run.
`,
  );
});

test('claim 2: a bomb of YAML aliases is one clear error', async () => {
  const levels = [...'bcdefghi'].map(
    (name, i) => `${name}: &${name} [${Array(9).fill(`*${'abcdefgh'[i]}`).join(', ')}]\n`,
  );
  const text = await refusal(
    { 'x.yaml': `a: &a [x, x, x, x, x, x, x, x, x]\n${levels.join('')}${good}` },
    'run',
  );
  expect(text).toContain("makes this file's aliases stand for more than 10000 values");
  expect(text).toMatch(/\n1 mistake\. Nothing was run\.\n$/);
});

test('claim 2: a file of 100 MB is one clear error', async () => {
  const folder = folderWith({ 'x.yaml': good });
  truncateSync(join(folder, 'x.yaml'), 100 * 1024 * 1024);
  const { code, stderr } = await mxlab(['run', 'x.yaml'], { cwd: folder });
  expect(code).toBe(2);
  expect(stderr).toBe(
    'x.yaml: is too large: 104857600 bytes, of at most 1048576 (1 MiB)\n\n1 mistake. Nothing was run.\n',
  );
});

test('claim 2: a binary file is one clear error', async () => {
  const elf = Buffer.from('7f454c4602010100000000000000000003003e00010000001b5b324a', 'hex');
  expect(await refusal({ 'x.yaml': elf }, 'run')).toBe(
    'x.yaml: is not a text file: it holds NUL bytes\n\n1 mistake. Nothing was run.\n',
  );
  const latin1 = Buffer.from('scenario: Caf\xe9\n', 'latin1');
  expect(await refusal({ 'x.yaml': latin1 }, 'run')).toBe(
    'x.yaml: is not a UTF-8 text file: line 1 cannot be read\n\n1 mistake. Nothing was run.\n',
  );
});

test('paths that lead nowhere', async () => {
  const folder = folderWith({ 'notes.txt': 'hello' });
  mkdirSync(join(folder, 'empty'));
  const { code, stderr } = await typed(['run', join(folder, 'nowhere.yaml'), join(folder, 'empty')]);
  expect(code).toBe(2);
  expect(stderr.replaceAll(folder, '.')).toBe(
    './nowhere.yaml: does not exist\n\n./empty: holds no .yaml files\n\n2 mistakes. Nothing was run.\n',
  );
});

test('escape codes in a file or its name do not reach the terminal', async () => {
  const text = await refusal(
    { 'x\x1b[2J.yaml': scenario('X', '  - connect: "\\e[31m"\n', { provider: '"\\e[31mplain"' }) },
    'run',
  );
  expect(text).not.toMatch(/[^\x20-\x7e\n…]/);
  expect(text).toContain('x\\x1b[2J.yaml:2:26');
});
