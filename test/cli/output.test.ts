import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { folderWith, good, main, mxlab, wrong } from './mxlab.ts';
import { typed } from './typed.ts';

const files = { 'good.yaml': good, 'wrong.yaml': wrong };
const widest = (text: string): number => Math.max(...text.split('\n').map((line) => line.length));

test('into a pipe there are no colours, no cursor movements, and 80 columns', async () => {
  const { stdout } = await mxlab(['run', '.'], {
    cwd: folderWith(files),
    env: { TERM: 'xterm-256color', COLORTERM: 'truecolor' },
  });
  expect(stdout).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f]/);
  expect(widest(stdout)).toBe(80);
});

test('COLUMNS is the width where there is no terminal', async () => {
  const cwd = folderWith(files);
  const { stdout } = await mxlab(['run', '.'], { cwd, env: { COLUMNS: '40' } });
  expect(widest(stdout)).toBe(40);
  const nonsense = await mxlab(['run', '.', '--detail', 'summary'], { cwd, env: { COLUMNS: 'wide' } });
  expect(nonsense.code).toBe(1);
});

test('FORCE_COLOR forces colours, and forbids them with 0', async () => {
  const cwd = folderWith(files);
  const red = '\x1b[31m';
  expect((await mxlab(['run', '.'], { cwd, env: { FORCE_COLOR: '1' } })).stdout).toContain(red);
  expect((await mxlab(['run', '.'], { cwd, env: { FORCE_COLOR: '0' } })).stdout).not.toContain('\x1b');
  expect((await mxlab(['run', '.'], { cwd, env: { NO_COLOR: '1' } })).stdout).not.toContain('\x1b');
});

test('a terminal gets colours and a line of progress that is gone at the end', async () => {
  const folder = folderWith(files);
  const plain = (await typed(['run', folder])).stdout;
  const { stdout } = await typed(['run', folder], { terminal: true, colours: 1 });
  expect(stdout).toContain('\x1b[31m');
  expect(stdout).toContain('1 of 2: A wrong expectation');
  expect(settled(stdout)).toBe(plain);
});

test('a narrow terminal is not overrun', async () => {
  const folder = folderWith(files);
  const { stdout } = await typed(['run', folder], { terminal: true, columns: 30, directory: folder });
  expect(
    settled(stdout)
      .split('\n')
      .filter((line) => line.length > 30),
  ).toEqual([]);
});

test('without drawing characters everything is ASCII', async () => {
  const { stdout } = await mxlab(['run', '.'], { cwd: folderWith(files), env: { LANG: 'C' } });
  expect(stdout).not.toMatch(/[^\n\x20-\x7e]/);
});

test('a reader that has had enough ends the program quietly', async () => {
  const child = spawn(process.execPath, [main, 'run', '.', '--detail', 'full'], {
    cwd: folderWith(Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i}.yaml`, good]))),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (bytes) => {
    stderr += bytes;
  });
  child.stdout.once('data', () => child.stdout.destroy());
  const [code, signal] = await new Promise<[number | null, string | null]>((resolve) =>
    child.on('close', (...ended) => resolve(ended)),
  );
  expect({ code, signal, stderr }).toEqual({ code: 0, signal: null, stderr: '' });
});

test.runIf(existsSync('/dev/full'))('a full disk is told in one sentence, and ends with 3', async () => {
  const cwd = folderWith(files);
  const { code, stderr } = await mxlab(['run', '.', '--reporter', 'json=/dev/full', '--detail', 'summary'], {
    cwd,
  });
  expect(code).toBe(3);
  expect(stderr).toMatch(/^mxlab: ENOSPC[^\n]*\.\n$/);
});

/** What is left to see on a terminal: colours taken away, and lines as they are once they are written over. */
function settled(text: string): string {
  const lines = [''];
  for (const [, code, plain] of text
    .replace(/\x1b\[[\d;]*m/g, '')
    .matchAll(/(\x1b\[\?2026[hl]|\x1b\[\d*[A-KX]|\r)|([^\x1b\r]+)/g)) {
    if (code === '\x1b[1A') lines.pop();
    else if (code === '\x1b[2K') lines[lines.length - 1] = '';
    if (plain === undefined) continue;
    const [first = '', ...more] = plain.split('\n');
    lines[lines.length - 1] += first;
    lines.push(...more);
  }
  return lines.join('\n');
}
