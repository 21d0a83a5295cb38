import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { findScenarioFiles, shippedScenarios } from '../../src/scenario/discover.ts';

const headSchema = z.object({
  scenario: z.string(),
  about: z.string().default(''),
  tags: z.array(z.string()).default([]),
});

/** The head of a scenario file that comes with mxlab; `path` is below `scenarios/`. */
export interface ShippedScenario extends z.output<typeof headSchema> {
  readonly path: string;
}

/** Throws where a file is not YAML with a title. */
export async function shippedHeads(): Promise<readonly ShippedScenario[]> {
  const { files } = await findScenarioFiles([shippedScenarios]);
  return Promise.all(
    files.map(async (file) => ({
      ...headSchema.parse(parse(await readFile(file, 'utf8'))),
      path: relative(shippedScenarios, file),
    })),
  );
}
