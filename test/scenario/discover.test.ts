import { join } from 'node:path';
import { expect, test } from 'vitest';
import { findScenarioFiles, shippedScenarios } from '../../src/scenario/discover.ts';

const elsewhere = (path: string) => findScenarioFiles([path]);

test('a path below scenarios/ that is not there is looked for among those of mxlab', async () => {
  const here = process.cwd();
  process.chdir('/');
  try {
    const path = 'experiments/the-name-at-ehlo.yaml';
    expect(await elsewhere(`scenarios/${path}`)).toEqual({
      files: [join(shippedScenarios, path)],
      issues: [],
    });
    expect((await elsewhere('scenarios/experiments')).files.length).toBeGreaterThan(10);
    for (const wrong of ['scenarios/no-such.yaml', 'scenarios/../package.json', 'experiments'])
      expect((await elsewhere(wrong)).issues).toMatchObject([{ message: 'does not exist' }]);
  } finally {
    process.chdir(here);
  }
});
