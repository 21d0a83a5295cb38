import { spawn } from 'node:child_process';
import { connect } from 'node:net';
import { seconds } from '../time/duration.ts';
import { RealClock } from '../time/real-clock.ts';
import { endGroup } from './end-group.ts';
import { outwardly } from './exec-command.ts';
import { UsageError } from './exit.ts';
import type { Surroundings } from './surroundings.ts';

/** How long a service may take until it listens, in ms. */
const patience = seconds(60);

/** Starts the service of a validator and waits until its port is open. Returns how to end it. */
export async function startService(
  command: string,
  url: string,
  { directory }: Surroundings,
): Promise<() => void> {
  const { hostname, port, protocol } = new URL(url.replaceAll('{address}', 'x'));
  const child = spawn('sh', ['-c', command], {
    cwd: directory,
    env: outwardly(),
    stdio: ['ignore', 'ignore', 'inherit'],
    detached: true,
  });
  let ended = false;
  let why = '';
  child.once('error', (error) => {
    ended = true;
    why = ` (${error.message})`;
  });
  child.once('close', () => {
    ended = true;
  });
  const end = (): void => {
    if (!ended && child.pid !== undefined) endGroup(child.pid);
  };
  const clock = new RealClock();
  const late = clock.now() + patience;
  while (!(await isOpen(hostname, Number(port) || (protocol === 'https:' ? 443 : 80)))) {
    if (ended) throw new UsageError(`the service ended before it listened${why}: ${command}`);
    if (clock.now() > late) {
      end();
      throw new UsageError(`the service does not listen at ${hostname}:${port} after a minute: ${command}`);
    }
    await clock.sleep(100);
  }
  return end;
}

function isOpen(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}
