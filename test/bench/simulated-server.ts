import { readdirSync, readFileSync } from 'node:fs';
import { startLab } from '../../src/world/start-lab.ts';
import type { Standing } from './processes.ts';

/** `simulated-server.js PROVIDER [COUNT]`: so many hosts of a provider as `mxlab serve` has them, dialogues and all. */
const [provider = 'gmail', count = '1'] = process.argv.slice(2);
const hosts = Object.fromEntries(
  Array.from({ length: Number(count) }, (_, i) => [`mx${i}.example`, provider]),
);
const lab = await startLab({ hosts });

/** Resident bytes; the heap once all that can go has gone. */
function standing(): Standing {
  globalThis.gc?.();
  const { heapUsed } = process.memoryUsage();
  const rss = Number(/VmRSS:\s+(\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1]) * 1024;
  return {
    rss,
    heap: heapUsed,
    handles: readdirSync('/proc/self/fd').length,
    dialogues: lab.dialogues.length,
  };
}

process.on('message', () => process.send?.(standing()));
console.log(`ports ${lab.hosts.map(({ port }) => port).join(' ')}`);
