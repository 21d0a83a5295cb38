import { spawn, spawnSync } from 'node:child_process';
import { accessSync, constants, statSync } from 'node:fs';
import { resolve } from 'node:path';

/** A program and its arguments. */
export interface CommandLine {
  readonly file: string;
  readonly args: readonly string[];
}

/** Who is asking, and on what. */
export interface Machine {
  readonly platform: string;
  readonly uid: number;
}

/** Why a private network cannot be had here, as the end of a sentence; undefined when it can. */
export function obstacleTo(machine: Machine): string | undefined {
  if (machine.platform !== 'linux') return 'network namespaces are Linux only';
  if (!runs('ip', ['-V'])) return 'it needs the program ip (package iproute2)';
  const { file, args } = inNamespace({ file: 'true', args: [] }, machine);
  if (!runs('unshare', ['--version'])) return 'it needs the program unshare (package util-linux)';
  if (runs(file, args)) return undefined;
  return machine.uid === 0
    ? 'this machine lets not even root make a network namespace, as in a container without CAP_SYS_ADMIN'
    : 'this machine lets only root make namespaces (see sysctl user.max_user_namespaces and kernel.apparmor_restrict_unprivileged_userns)';
}

/** The command line that runs a program in network and mount namespaces of its own; who is not root gets a user namespace too. */
export function inNamespace({ file, args }: CommandLine, { uid }: Machine): CommandLine {
  const user = uid === 0 ? [] : ['--user', '--map-root-user'];
  return {
    file: 'unshare',
    args: [...user, '--net', '--mount', '--', file, ...args], // it becomes the program, and so gets its signals
  };
}

/** The command line of a program that not even a SIGKILL of ours leaves behind (prctl(2), PR_SET_PDEATHSIG); as it was where that cannot be had. */
export function dyingWithUs(
  command: CommandLine,
  { env, cwd }: Pick<ProgramSurroundings, 'env' | 'cwd'>,
): CommandLine {
  const { file, args } = command;
  const bound = ['--pdeathsig', 'KILL', '--'];
  if (!isProgram(file, env, cwd) || !runs('setpriv', [...bound, 'true'])) return command;
  return { file: 'setpriv', args: [...bound, file, ...args] };
}

/** Looked for as shells do. */
function isProgram(file: string, { PATH = '' }: NodeJS.ProcessEnv, cwd: string): boolean {
  const places = file.includes('/') ? [''] : PATH.split(':');
  return places.some((place) => {
    try {
      accessSync(resolve(cwd, place, file), constants.X_OK);
      return statSync(resolve(cwd, place, file)).isFile();
    } catch {
      return false;
    }
  });
}

function runs(file: string, args: readonly string[]): boolean {
  return spawnSync(file, args, { stdio: 'ignore', timeout: 10_000 }).status === 0;
}

/** How a program ended: its exit code, or 128 and the number of the signal as shells say it. */
export interface ProgramEnd {
  readonly code: number;
}

const signals: Readonly<Record<string, number>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGABRT: 6,
  SIGKILL: 9,
  SIGSEGV: 11,
  SIGPIPE: 13,
  SIGTERM: 15,
};

export interface ProgramSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Calls back with each signal that the program is to get. Returns how to stop. */
  onSignal(pass: (signal: NodeJS.Signals) => void): () => void;
}

/** Runs a program on our own input and output. Rejects with the system's error where it cannot be started. */
export async function runProgram(
  { file, args }: CommandLine,
  { env, cwd, onSignal }: ProgramSurroundings,
): Promise<ProgramEnd> {
  const child = spawn(file, args, { env, cwd, stdio: 'inherit' });
  const stop = onSignal((signal) => void child.kill(signal));
  try {
    return await new Promise((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code: code ?? 128 + (signals[signal ?? ''] ?? 0) }));
    });
  } finally {
    stop();
  }
}
