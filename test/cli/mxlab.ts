import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished, vi } from 'vitest';

vi.setConfig({ testTimeout: 90_000 }); // a busy machine may take its time to start a program

export const root = fileURLToPath(new URL('../..', import.meta.url));
/** The program as it is built. */
export const main = join(root, 'dist/cli/main.js');

/** How a run of the program ended. */
export interface Ended {
  /** `null` when a signal ended it. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Call {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Options for Node itself. */
  readonly node?: readonly string[];
  /** What is piped in. */
  readonly input?: string;
  /** Told of all that has come out so far, whenever there is more. */
  readonly watch?: (stdout: string, child: ChildProcess) => void;
  /** Kills the program with SIGKILL. */
  readonly signal?: AbortSignal;
}

/** Runs the program as a person would, without whatever the tests' own surroundings say of colours and widths. */
export function mxlab(
  args: readonly string[],
  { cwd = root, env, node = [], input, watch, signal }: Call = {},
): Promise<Ended> {
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [...node, main, ...args], {
    cwd,
    env: { PATH, HOME, LANG: 'C.UTF-8', ...env },
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
  });
  child.stdin?.on('error', () => {}); // it may end before it has read all
  child.stdin?.end(input);
  onTestFinished(() => void child.kill('SIGKILL'));
  signal?.addEventListener('abort', () => void child.kill('SIGKILL'));
  let stdout = '';
  let stderr = '';
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
    watch?.(stdout, child);
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Lines as a pipe gives them. */
export const piped = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/** A folder with these files, for the length of one test. */
export function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = mkdtempSync(join(tmpdir(), 'mxlab-test-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content);
  return folder;
}

/** A scenario of steps with one host, `mx.example.net`, of a provider. */
export function scenario(title: string, steps: string, { provider = 'accept-all', more = '' } = {}): string {
  return `scenario: ${title}\n${more}hosts: { mx.example.net: ${provider} }\nsteps:\n${steps}`;
}

/** A scenario that passes. */
export const good = scenario(
  'A greeting',
  '  - connect: mx.example.net\n  - ehlo: probe.example.net\n  - quit\n',
);
/** One that fails at line 6, column 13. */
export const wrong = scenario(
  'A wrong expectation',
  '  - connect: mx.example.net\n  - ehlo: probe.example.net\n    expect: 550 5.7.1\n  - quit\n',
);
