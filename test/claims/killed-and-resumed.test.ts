import { type FSWatcher, readFileSync, statSync, watch } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, onTestFinished, test } from 'vitest';
import { stringify } from 'yaml';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { folderWith, mxlab } from '../cli/mxlab.ts';
import { inhabitants, population } from '../verify/list/population.ts';

const addresses = 2_400;
const people = population(24, 'killed');
const list = [...inhabitants(people, addresses, 'killed')].map(({ address }) => address);

const folder = (): string =>
  folderWith({
    'world.yaml': stringify({ world: 'Two dozen domains', ...people.world }).replace(/#\d+$/gm, ''), // in files, providers have their own names
    'list.txt': `${list.join('\n')}\n`,
  });

const usual = ['--world', 'world.yaml', '--helo', 'probe.verifier.example', '--from', '198.51.100.7'];
const quick = ['--rate', '50', '--wait', '28h'];

/** Which entry, and what was found out about it. */
type Result = readonly [n: number, address: string, what: string];

const readers: Readonly<Record<'jsonl' | 'csv', (text: string) => Record<string, unknown>[]>> = {
  jsonl: (text) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
  csv: (text) => parse(text, { columns: true }),
};

function resultsIn(path: string, format: 'jsonl' | 'csv'): Result[] {
  return readers[format](readFileSync(path, 'utf8'))
    .map(
      ({ n, address, class: kind, sub_reason, exists }): Result => [
        Number(n),
        `${address}`,
        `${kind} ${sub_reason} ${exists}`,
      ],
    )
    .sort(([a], [b]) => a - b);
}

/** Runs until the results file has so many bytes, and kills the process as no process can see it coming. */
async function killedAt(bytes: number, cwd: string, args: readonly string[]): Promise<number | null> {
  const out = join(cwd, args[args.indexOf('--out') + 1] ?? '');
  const stop = new AbortController();
  let watcher: FSWatcher | undefined;
  onTestFinished(() => watcher?.close());
  const run = mxlab(args, { cwd, signal: stop.signal });
  watcher = watch(cwd, () => {
    if ((statSync(out, { throwIfNoEntry: false })?.size ?? 0) >= bytes) stop.abort();
  });
  const { code } = await run;
  watcher.close();
  return code;
}

test.each([
  ['jsonl', 'first'],
  ['csv', 'second'],
] as const)(
  'killed at three moments and gone on with, %s results are those of one run: seed %s',
  async (format, seed) => {
    const cwd = folder();
    const run = ['verify', 'list.txt', ...usual, ...quick];
    const whole = await mxlab([...run, '--out', `whole.${format}`], { cwd });
    expect(whole.code, whole.stderr).toBe(0);
    const undisturbed = resultsIn(join(cwd, `whole.${format}`), format);
    const { size } = statSync(join(cwd, `whole.${format}`));

    const out = `out.${format}`;
    const random = seededRandom(seed);
    const moments = [0.02, 0.27, 0.52].map((from) => Math.floor((from + random() * 0.25) * size));
    for (const [i, moment] of moments.entries()) {
      const more = ['--out', out, '--cache', 'known.jsonl', ...(i > 0 ? ['--resume'] : [])];
      const code = await killedAt(moment, cwd, [...run, ...more]);
      expect(code, `it was to be killed at byte ${moment} of ${size}`).toBe(null);
    }
    const last = await mxlab([...run, '--out', out, '--cache', 'known.jsonl', '--resume'], { cwd });
    expect(last.code, last.stderr).toBe(0);
    expect(last.stderr).toMatch(/\d+ have their result already/);

    const results = resultsIn(join(cwd, out), format);
    expect(results.map(([n]) => n)).toEqual(list.map((_, i) => i + 1));
    expect(results).toEqual(undisturbed);
  },
  300_000,
);
