import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { renderIssues } from '../../src/cli/render-issues.ts';
import { experimentFolder } from '../../src/knowledge/experiment.ts';
import { yamlShelf } from '../../src/knowledge/yaml-shelf.ts';
import { findScenarioFiles } from '../../src/scenario/discover.ts';
import { loadScenarios } from '../../src/scenario/load.ts';
import { ProviderShelf } from '../../src/sim/load-profiles.ts';

const root = new URL('../../', import.meta.url);
const endings = await yamlShelf(new URL('fixtures/knowledge/', root)).read('endings');
const folder = fileURLToPath(new URL(experimentFolder, root));
const shelf = new ProviderShelf();

/** A value of the kind that a session has. */
const values: Readonly<Record<string, string>> = {
  bytes: '123456',
  idle: '601s',
  name: 'mail.example.com',
  recipient: 'bob@example.com',
  sender: 'ann@example.com',
};

// test/scenarios.test.ts runs them; here they are held to what the causes of endings say of them.
test.each(Object.entries(endings.experiments))(
  '%s takes the values of a session',
  async (_name, experiment) => {
    const file = `${folder}/${experiment.scenario}.yaml`;
    expect(existsSync(file)).toBe(true);
    const set = Object.fromEntries(
      Object.entries(experiment.set).map(([name, from]) => [name, values[from] ?? '']),
    );
    expect(Object.values(set)).not.toContain('');
    const loaded = await loadScenarios(file, { shelf, set: { ...set, ...experiment.fills } });
    expect('issues' in loaded ? await renderIssues(loaded.issues) : '').toBe('');
    const [scenario] = 'issues' in loaded ? [] : loaded.scenarios;
    expect(Object.keys(scenario?.vars ?? {})).toEqual(
      expect.arrayContaining([...Object.keys(set), ...Object.keys(experiment.fills)]),
    );
    expect(experiment.sends ?? false).toBe(JSON.stringify(scenario?.steps).includes('"data"'));
  },
);

test('no experiment is without a cause, and none without a name', async () => {
  const asked = new Set(endings.endings.flatMap(({ causes }) => causes.map(({ experiment }) => experiment)));
  expect(Object.keys(endings.experiments).filter((name) => !asked.has(name))).toEqual([]);
  const { files } = await findScenarioFiles([folder]);
  const named = Object.values(endings.experiments).map(({ scenario }) => `${folder}/${scenario}.yaml`);
  expect(named.sort()).toEqual(files.sort());
});
