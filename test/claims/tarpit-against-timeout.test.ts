import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { loadScenarios } from '../../src/scenario/load.ts';
import type { ScenarioResult } from '../../src/scenario/result.ts';
import { runScenarios } from '../../src/scenario/run.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import { ProviderShelf } from '../../src/sim/load-profiles.ts';

const shelf = new ProviderShelf();

/** 15 ms in which the program does nothing else, as on a machine that has other things to do. */
function stall(): void {
  const until = performance.now() + 15;
  while (performance.now() < until);
}

/** Stalls the event loop in about one of so many rounds; the seed decides in which. */
function stallNowAndThen(
  oneIn: number,
  seed: string,
): { readonly stalls: () => number; readonly stop: () => void } {
  const random = seededRandom(seed);
  let count = 0;
  let going = true;
  const round = (): void => {
    if (!going) return;
    if (random() * oneIn < 1) {
      stall();
      count++;
    }
    setImmediate(round);
  };
  round();
  return {
    stalls: () => count,
    stop: () => {
      going = false;
    },
  };
}

async function load(name: string, tls: string): Promise<Scenario> {
  const loaded = await loadScenarios(fileURLToPath(new URL(`scenarios/${name}.yaml`, import.meta.url)), {
    shelf,
  });
  const found =
    'issues' in loaded ? undefined : loaded.scenarios.find(({ variant }) => variant === `tls: ${tls}`);
  if (!found) throw new Error(`${name} cannot be read`);
  return found;
}

/** What came out of a scenario, with what was wrong about it. */
function verdict({ passed, defect, steps }: ScenarioResult): string {
  const failed = steps.flatMap(({ checks }) => checks.filter((check) => !check.passed));
  return passed
    ? 'right'
    : (defect ?? failed.map(({ expected, found }) => `expected ${expected}, found ${found}`).join('; '));
}

const ways = [
  { times: 300, parallel: 1, tls: 'none', oneIn: 20 },
  { times: 300, parallel: 16, tls: 'none', oneIn: 3 },
  { times: 100, parallel: 1, tls: 'required', oneIn: 20 },
  { times: 100, parallel: 16, tls: 'required', oneIn: 3 },
];

for (const { times, parallel, tls, oneIn } of ways) {
  const title = `claim 4: ${times} times tarpit against timeout, both ways round, TLS ${tls}, ${parallel} at once, stalled now and then`;
  test(title, { timeout: 120_000 }, async () => {
    const pair = [
      await load('a-tarpit-outlasts-our-patience', tls),
      await load('our-patience-outlasts-a-tarpit', tls),
    ];
    const many = Array.from({ length: times }, (_, i) =>
      pair.map((one) => ({ ...one, variant: `${i}` })),
    ).flat();
    const verdicts: string[] = [];
    const { stalls, stop } = stallNowAndThen(oneIn, title);
    const options = {
      seed: title,
      shelf,
      knowledge: await loadKnowledge(),
      dialWorld: () => Promise.reject(new Error('there is no world here')),
      parallel,
      bail: false,
      realTime: false,
      sendData: true,
      signal: new AbortController().signal,
      stopwatch: () => performance.now(),
    };
    await runScenarios(many, options, { onScenarioEnd: (result) => void verdicts.push(verdict(result)) });
    stop();
    expect(verdicts).toEqual(many.map(() => 'right'));
    expect(stalls()).toBeGreaterThan(times / 5);
  });
}
