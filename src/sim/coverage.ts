import { readFile } from 'node:fs/promises';
import { z } from 'zod';

/** Which refusals of a provider in `fixtures/reference/` profiles can give; measured and written by test/sim/coverage.test.ts. */
const coverageSchema = z.array(
  z.object({
    provider: z.string(),
    profiles: z.array(z.string()),
    refusals: z.number().int(),
    reached: z.number().int(),
  }),
);

export type Coverage = z.output<typeof coverageSchema>[number];

const file = new URL('../../fixtures/coverage.json', import.meta.url);

/** Empty where nothing has been measured. */
export async function loadCoverage(): Promise<readonly Coverage[]> {
  const text = await readFile(file, 'utf8').catch(() => '[]');
  return coverageSchema.parse(JSON.parse(text));
}
