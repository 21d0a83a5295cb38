import { expect, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { readBooks, readClientErrors } from '../../src/knowledge/shelf.ts';

const folder = new URL('../../fixtures/knowledge/', import.meta.url);
const book = await readClientErrors(folder);
const { endings } = await readBooks(folder);
const { explainClientError } = await loadKnowledge();

const entries = book.clients.flatMap(({ client, errors }) =>
  errors.flatMap((error) => error.samples.map((sample) => ({ client, error, sample }))),
);

test.each(entries)('$client: $sample', async ({ client, error, sample }) => {
  const told = await explainClientError(sample);
  expect(told).toMatchObject({ client, says: error.says });
  expect(told?.endings.length).toBeGreaterThan(0);
  expect(told?.scenario).toBe(told?.endings[0]?.scenario);
});
