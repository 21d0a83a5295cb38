import type { Issue } from '../datafile/issue.ts';
import { findScenarioFiles, shippedScenarios } from '../scenario/discover.ts';
import { loadScenarios } from '../scenario/load.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { ProviderShelf } from '../sim/load-profiles.ts';
import { UsageError } from './exit.ts';
import { shelfOf } from './provider-shelf.ts';

/** Scenarios of all files asked for, and what is wrong with those that could not be read. */
export interface Readout {
  readonly scenarios: readonly Scenario[];
  readonly issues: readonly Issue[];
  readonly files: number;
  readonly shelf: ProviderShelf;
}

/** What may be said about how to read. */
export interface ReadFlags {
  /** Values of variables, as `name=value`. */
  readonly set?: readonly string[];
  /** Folders with provider profiles that come before those of mxlab. */
  readonly providers?: readonly string[];
}

/** Reads files and folders; without any, the scenarios that come with mxlab. */
export async function readScenarios(paths: readonly string[], flags: ReadFlags): Promise<Readout> {
  const shelf = await shelfOf(flags.providers ?? []);
  const found = await findScenarioFiles(paths.length > 0 ? paths : [shippedScenarios]);
  const issues = [...found.issues];
  const scenarios: Scenario[] = [];
  const variables = readVariables(flags.set ?? []);
  for (const file of found.files) {
    const loaded = await loadScenarios(file, { shelf, set: variables });
    if ('issues' in loaded) issues.push(...loaded.issues);
    else scenarios.push(...loaded.scenarios);
  }
  const unused = Object.keys(variables).find(
    (name) => !scenarios.some(({ vars = {} }) => Object.hasOwn(vars, name)),
  );
  if (unused !== undefined && issues.length === 0)
    throw new UsageError(`no scenario has a variable called ${unused}.`);
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
