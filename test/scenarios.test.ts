import { relative } from 'node:path';
import { describe, expect, test } from 'vitest';
import { renderIssues } from '../src/cli/render-issues.ts';
import { loadKnowledge } from '../src/knowledge/knowledge.ts';
import { NotLiveError } from '../src/probe/live-dial.ts';
import { findScenarioFiles, shippedScenarios } from '../src/scenario/discover.ts';
import { loadScenarios } from '../src/scenario/load.ts';
import type { ScenarioResult } from '../src/scenario/result.ts';
import { type RunOptions, runScenarios } from '../src/scenario/run.ts';
import type { Scenario } from '../src/scenario/scenario.ts';
import { ProviderShelf } from '../src/sim/load-profiles.ts';

const options: RunOptions = {
  seed: '1',
  shelf: new ProviderShelf(),
  knowledge: await loadKnowledge(),
  dialWorld: ({ address }) => Promise.reject(new NotLiveError(address)),
  parallel: 1,
  bail: false,
  realTime: false,
  sendData: true,
  signal: new AbortController().signal,
  stopwatch: () => performance.now(),
};

async function run(scenario: Scenario): Promise<ScenarioResult | undefined> {
  let result: ScenarioResult | undefined;
  await runScenarios([scenario], options, {
    onScenarioEnd: (ended) => {
      result = ended;
    },
  });
  return result;
}

/** What a person needs to find the mistake. */
function complaintsAbout({ steps, defect }: ScenarioResult): string[] {
  const failed = steps.flatMap(({ title, branch, checks }) =>
    checks
      .filter(({ passed }) => !passed)
      .map(
        ({ path, expected, found }) =>
          `${title} ${branch} ${path.join('.')}: expected ${expected}, found ${found}`,
      ),
  );
  return defect === undefined ? failed : [...failed, defect];
}

const { files } = await findScenarioFiles([shippedScenarios]);
const titles = new Map<string, string>();

// Each file that comes with mxlab, run as `mxlab run` would.
for (const file of files) {
  const name = relative(shippedScenarios, file);
  const loaded = await loadScenarios(file, { shelf: options.shelf });
  describe(name, async () => {
    if ('issues' in loaded) {
      test('reads well', async () => expect(await renderIssues(loaded.issues)).toBe(''));
      return;
    }
    const [first] = loaded.scenarios;
    test('says why it is there, and is the only one to make its claim', () => {
      expect(first?.about ?? first?.rules.join()).toMatch(/\S/);
      expect(first?.tags.length).toBeGreaterThan(0);
      expect(titles.get(first?.scenario ?? '')).toBeUndefined();
      titles.set(first?.scenario ?? '', name);
    });
    for (const scenario of loaded.scenarios) {
      test(scenario.variant || 'passes', async () => {
        const result = await run(scenario);
        expect(result && complaintsAbout(result)).toEqual([]);
        expect(result?.passed).toBe(true);
        expect(result?.steps.some(({ checks }) => checks.length > 0)).toBe(true);
      });
    }
  });
}
