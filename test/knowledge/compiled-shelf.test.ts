import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { compiledShelf, compileShelf } from '../../src/knowledge/compiled-shelf.ts';
import { volumeNames, yamlShelf } from '../../src/knowledge/yaml-shelf.ts';

const ours = yamlShelf(new URL('../../fixtures/knowledge/', import.meta.url));

test('what is compiled says the same as what was written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'compiled-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const url = pathToFileURL(`${folder}/`);
  expect(compiledShelf(url)).toBeUndefined();
  await compileShelf(ours, volumeNames, url);
  const read = compiledShelf(url);
  expect(volumeNames).toHaveLength(7);
  for (const name of volumeNames) expect(await read?.read(name), name).toEqual(await ours.read(name));
});

test('beside sources nothing is compiled, so that what is edited shows at once', async () => {
  const { compiled } = await import('../../src/knowledge/knowledge.ts');
  expect(compiledShelf(compiled)).toBeUndefined();
});
