import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** The program as it is built; the bench lies in a folder beside dist. */
const main = fileURLToPath(new URL('../../../dist/cli/main.js', import.meta.url));

const rounds = 31;

/** How long `mxlab explain 550` takes from its start to its end beside `node -e 0`, by turns; medians, in real ms. */
export function measureStartUp(): { readonly ours: number; readonly node: number } {
  if (!existsSync(main)) throw new Error('dist is not there: run npm run build first');
  const ours: number[] = [];
  const node: number[] = [];
  for (let i = 0; i < rounds; i++) {
    node.push(timeOf('-e', '0'));
    ours.push(timeOf(main, 'explain', '550'));
  }
  return { ours: median(ours), node: median(node) };
}

function timeOf(...args: readonly string[]): number {
  const began = performance.now();
  const { status } = spawnSync(process.execPath, args, { stdio: 'ignore' });
  if (status !== 0) throw new Error(`node ${args.join(' ')} ended with ${status}`);
  return performance.now() - began;
}

function median(times: number[]): number {
  return times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}
