import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { renderIssues } from '../../src/cli/render-issues.ts';
import { loadScenarios } from '../../src/scenario/load.ts';
import { catalogue } from '../../src/sim/behaviours/catalogue.ts';
import { ProviderShelf } from '../../src/sim/load-profiles.ts';

const refused = new URL('../refused/scenario/', import.meta.url);
const shelf = new ProviderShelf(fileURLToPath(new URL('providers/', import.meta.url)));
const behaviours = catalogue.map(({ name }) => name).join(', ');

// Each folder holds a scenario that must be refused, and what the person who wrote it reads then.
for (const folder of readdirSync(refused).sort()) {
  test(`refused: ${folder}`, async () => {
    const place = fileURLToPath(new URL(`${folder}/`, refused));
    const loaded = await loadScenarios(`${place}scenario.yaml`, { shelf });
    const shown = 'issues' in loaded ? await renderIssues(loaded.issues) : 'nothing was wrong with it';
    const text = shown.replaceAll(place, '').replaceAll(behaviours, '(every behaviour)');
    expect(text).toContain('Nothing was run.');
    await expect(`${text}\n`).toMatchFileSnapshot(`${place}expected.txt`);
  });
}
