import type { Issue } from '../datafile/issue.ts';
import { findScenarioFiles, shippedScenarios } from '../scenario/discover.ts';
import { loadScenarios } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { ProviderShelf } from '../sim/load-profiles.ts';
import { UsageError } from './exit.ts';

/** Scenarios of all files asked for, and what is wrong with those that could not be read. */
export interface Readout {
  readonly scenarios: readonly Scenario[];
  readonly issues: readonly Issue[];
  readonly files: number;
  readonly shelf: ProviderShelf;
}

/** Reads files and folders; without any, the scenarios that come with mxlab. */
export async function readScenarios(paths: readonly string[], set: readonly string[] = []): Promise<Readout> {
  const shelf = new ProviderShelf();
  const found = await findScenarioFiles(paths.length > 0 ? paths : [shippedScenarios]);
  const issues = [...found.issues];
  const scenarios: Scenario[] = [];
  const variables = readVariables(set);
  for (const file of found.files) {
    const loaded = await loadScenarios(file, { shelf, set: variables });
    if ('issues' in loaded) issues.push(...loaded.issues);
    else scenarios.push(...loaded.scenarios);
  }
  return { scenarios, issues, files: found.files.length, shelf };
}

function readVariables(set: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    set.map((text) => {
      const [, name, value] = /^([a-z][a-z0-9-]*)=(.*)$/s.exec(text) ?? [];
      if (name === undefined || value === undefined)
        throw new UsageError(`--set takes name=value, not ${text}.`);
      return [name, value];
    }),
  );
}
