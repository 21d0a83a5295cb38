import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Furniture, furnish } from './mta-root.ts';
import { freePorts, program, temporaryFolder } from './peers.ts';

/** Seconds after which a server ends by itself, should nobody be left to stop it. */
const lifetime = '900';

/** A mail server of our own on loopback. */
export interface RealMta {
  /** Of its process group. */
  readonly pid: number;
  /** The root of its files. */
  readonly folder: string;
  readonly port: number;
  stop(): Promise<void>;
}

/** How to run a mail server. */
export interface MtaPlan extends Furniture {
  /** Program and arguments, inside the chroot; stays in the foreground. */
  readonly command: readonly string[];
}

/**
 * Starts a server as root in a chroot below a temporary folder: it finds its users and paths there, and nothing of
 * this machine's. Throws an Error with its own words when it does not come up.
 */
export async function startMta(planFor: (port: number) => MtaPlan): Promise<RealMta> {
  const [port = 0] = await freePorts(1);
  const plan = planFor(port);
  const folder = await temporaryFolder('mta');
  const remove = (): void => rmSync(folder, { recursive: true, force: true });
  try {
    await furnish(folder, plan);
  } catch (error) {
    remove();
    throw error;
  }
  const server = launch(folder, plan.command);
  const atExit = (): void => {
    server.signal('SIGKILL');
    remove();
  };
  process.once('exit', atExit);
  const stop = async (): Promise<void> => {
    process.off('exit', atExit);
    await server.stop();
    remove();
  };
  if (await server.answersAt(port)) return { pid: server.pid, folder, port, stop };
  await stop();
  throw new Error(`${plan.command[0]} does not come up: ${server.said()}`);
}

interface Server {
  readonly pid: number;
  said(): string;
  signal(name: NodeJS.Signals): void;
  answersAt(port: number): Promise<boolean>;
  stop(): Promise<void>;
}

function launch(root: string, command: readonly string[]): Server {
  const child = spawn(program('timeout'), [lifetime, program('chroot'), root, ...command], {
    detached: true,
  });
  const pid = child.pid ?? 0;
  let said = '';
  let gone = false;
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString('latin1');
    });
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve())).then(() => {
    gone = true;
  });
  const signal = (name: NodeJS.Signals): void => void signalGroup(pid, name);
  return {
    pid,
    said: () => said,
    signal,
    async answersAt(port) {
      for (let i = 0; i < 200 && !gone; i++) {
        if (await accepts(port)) return true;
        await sleep(50);
      }
      return false;
    },
    async stop() {
      signal('SIGTERM');
      await Promise.race([ended, sleep(3000)]);
      signal('SIGKILL');
      await ended;
    },
  };
}

/** False when there is no such group any more. */
function signalGroup(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(-pid, name);
  } catch {
    return false;
  }
}

function accepts(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const answer = (found: boolean): void => {
      socket.destroy();
      resolve(found);
    };
    socket.once('connect', () => answer(true)).once('error', () => answer(false));
  });
}
