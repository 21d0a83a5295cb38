import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { liveDial } from '../../src/probe/live-dial.ts';
import type { ScenarioResult } from '../../src/scenario/result.ts';
import { runScenarios } from '../../src/scenario/run.ts';
import { ProviderShelf } from '../../src/sim/load-profiles.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import { type Comparable, comparableScenarios, repository } from './comparable.ts';
import { type FoundDifference, knownDifferences, settle } from './known-differences.ts';
import { variants } from './postfix-variants.ts';
import { type RealPostfix, startPostfix } from './real-postfix.ts';
import { startHost } from './simulated-host.ts';
import { injectBehindStarttls } from './starttls-injection.ts';

const shelf = new ProviderShelf();
const folders = ['scenarios/conformance', 'test/interop/scenarios'].map((folder) => `${repository}${folder}`);
const comparables = await comparableScenarios(folders, shelf);
const situations = [...new Set(comparables.map(({ situation }) => situation))];

let postfix: RealPostfix | undefined;
const results = new Map<string, ScenarioResult>();

beforeAll(async () => {
  postfix = await startPostfix({
    name: 'mx.conformance.example',
    domain: 'conformance.example',
    mailboxes: ['alice', 'bob', 'carol'],
    variants,
  });
  for (const situation of situations) await runAgainst(postfix, situation);
}, 300_000);

afterAll(() => postfix?.stop());

/** Runs all scenarios of a situation, each simulated and then against the real one, several at a time. */
async function runAgainst({ port, ports }: RealPostfix, situation: string | undefined): Promise<void> {
  const chosen = comparables.filter((comparable) => comparable.situation === situation);
  const target = situation === undefined ? port : ports[situation];
  if (target === undefined)
    throw new Error(`postfix-variants.ts has no settings for the situation ${situation}`);
  const names = new Map(chosen.map(({ scenario, name }) => [scenario, name]));
  await runScenarios(
    chosen.map(({ scenario }) => scenario),
    {
      seed: '1',
      shelf,
      knowledge: await loadKnowledge(),
      dialWorld: liveDial({ clock: new RealClock() }),
      target: { host: '127.0.0.1', port: target },
      parallel: 8,
      bail: false,
      realTime: true,
      sendData: true,
      signal: new AbortController().signal,
      stopwatch: () => performance.now(),
    },
    { onScenarioEnd: (result) => void results.set(names.get(result.scenario) ?? '', result) },
  );
}

/** What fails in a result, for a person to read. */
function failuresOf(result: ScenarioResult | undefined): readonly string[] {
  if (!result) return ['did not run'];
  const failed = result.steps.flatMap(({ title, checks }) =>
    checks
      .filter(({ passed }) => !passed)
      .map((check) => `${title}: expected ${check.expected}, found ${check.found}`),
  );
  return result.defect === undefined ? failed : [result.defect, ...failed];
}

/** A reply without what differs from one run to the next: queue ids and the client's address. */
function masked(lines: readonly string[]): string {
  return lines
    .join(' | ')
    .replace(/queued as [0-9A-F]+/g, 'queued as {id}')
    .replace(/\[(?:127\.0\.0\.1|203\.0\.113\.10)\]/g, '[{client}]');
}

function differencesOf({ name }: Comparable): (FoundDifference & { readonly matters: boolean })[] {
  const differences = results.get(name)?.differences ?? [];
  return differences
    .map(({ step, simulated, real, matters }) => ({
      scenario: name,
      step: step.title,
      simulated: masked(simulated),
      real: masked(real),
      matters,
    }))
    .filter(({ simulated, real }) => simulated !== real);
}

test('there is something to compare', () => {
  const rules = new Set(comparables.flatMap(({ scenario }) => scenario.rules));
  expect(rules.size).toBeGreaterThanOrEqual(40);
  expect(situations).toContain('tls-required');
});

test.each(comparables)('$name', (comparable) => {
  const real = results.get(comparable.name);
  expect(failuresOf(real?.simulatedTwin), 'the simulated Postfix').toEqual([]);
  expect(failuresOf(real), 'the real Postfix').toEqual([]);
  expect(differencesOf(comparable).filter(({ matters }) => matters)).toEqual([]);
});

test('what else differs is listed in known-differences.yaml, and what is listed there differs', async () => {
  const found = comparables.flatMap(differencesOf);
  console.table(found.map(({ scenario, step, simulated, real }) => ({ scenario, step, simulated, real })));
  const { unexpected, gone } = settle(found, await knownDifferences());
  expect(unexpected).toEqual([]);
  expect(gone).toEqual([]);
});

test('neither of them carries a command over the border into TLS', async () => {
  const simulated = await startHost('postfix', { name: 'mx.conformance.example' });
  try {
    for (const port of [simulated.port, postfix?.port ?? 0]) {
      const { clear, inside } = await injectBehindStarttls(port, 'XYZZY\r\n');
      expect(clear).toEqual(['220 2.0.0 Ready to start TLS']); // rule TLS-03, CVE-2011-0411
      expect(inside).toEqual(['250 2.0.0 Ok', '221 2.0.0 Bye']);
    }
  } finally {
    await simulated.close();
  }
});

test('the real one has had no trouble of its own', async () => {
  const log = (await postfix?.log()) ?? '';
  expect(log).toContain('daemon started');
  expect(log.split('\n').filter((line) => /\b(?:fatal|panic)\b/.test(line))).toEqual([]);
});
