import { resolve } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import { seededRandom } from '../chance/seeded-random.ts';
import { SystemResolver } from '../dns/system-resolver.ts';
import { ModuleError, moduleValidator } from '../exam/adapters/module.ts';
import type { ModuleTask, ModuleWord } from '../exam/adapters/module-apart.ts';
import { liveDial } from '../probe/live-dial.ts';
import { RealClock } from '../time/real-clock.ts';
import { ScaledClock } from '../time/scaled-clock.ts';

const task = workerData as ModuleTask;
const say = (word: ModuleWord): void => parentPort?.postMessage(word);

// Errors of sockets that a module has forgotten end no exam.
const stray = (error: unknown): void => say({ kind: 'stray', error: String(error) });
process.on('uncaughtException', stray);
process.on('unhandledRejection', stray);

SystemResolver.redirect(task.nameServers);
const clock = task.pace === 1 ? new RealClock() : new ScaledClock(task.pace);
const doors = {
  clock,
  resolver: new SystemResolver(),
  dial: liveDial({ clock, live: true, politeness: { parallel: Number.POSITIVE_INFINITY, gap: 0 } }),
  random: seededRandom(task.seed),
};

try {
  const validator = await moduleValidator(task.reference, (file) => resolve(task.directory, file));
  const never = new AbortController().signal; // who is late is ended with the thread
  parentPort?.on('message', async (address: string) =>
    say({ kind: 'answer', answer: await validator.ask(address, doors, never) }),
  );
  say({ kind: 'ready' });
} catch (error) {
  if (!(error instanceof ModuleError)) throw error;
  say({ kind: 'no-module', why: error.message });
}
