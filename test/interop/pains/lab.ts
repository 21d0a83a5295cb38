import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';
import { findScenarioFiles, shippedScenarios } from '../../../src/scenario/discover.ts';
import type { RunningLab } from '../../../src/world/running-lab.ts';
import { startLab, type WorldLike } from '../../../src/world/start-lab.ts';

/** Its hosts as written; startLab judges them. */
const worldSchema = z.object({ hosts: z.custom<WorldLike['hosts']>((hosts) => typeof hosts === 'object') });

/** The hosts of a scenario in `scenarios/pains/`, by its number, in real time and on ports of this machine. */
export async function startPain(number: string, clock: 'real' | 'manual' = 'real'): Promise<RunningLab> {
  const { files } = await findScenarioFiles([`${shippedScenarios}/pains`]);
  const file = files.find((path) => basename(path).startsWith(`${number}-`));
  if (file === undefined) throw new Error(`there is no scenario for pain ${number}`);
  return startLab({ hosts: worldSchema.parse(parse(await readFile(file, 'utf8'))).hosts }, { clock });
}
