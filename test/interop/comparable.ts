import { fileURLToPath } from 'node:url';
import { renderIssue } from '../../src/datafile/render-issue.ts';
import { findScenarioFiles } from '../../src/scenario/discover.ts';
import { loadScenarios } from '../../src/scenario/load.ts';
import type { Scenario } from '../../src/scenario/scenario.ts';
import type { ProviderShelf } from '../../src/sim/load-profiles.ts';

export const repository = fileURLToPath(new URL('../../', import.meta.url));

/** A scenario that can be told to a real Postfix as well, and the situation that it is in, if any. */
export interface Comparable {
  readonly scenario: Scenario;
  /** The file below the repository, and the variant where there are several. */
  readonly name: string;
  readonly situation: string | undefined;
}

/**
 * Scenarios about one host that follows the `postfix` profile. Left out are those about our client (tag `client`), which
 * need a host that misbehaves, and those that take minutes of real time (tag `long`). Throws an Error on a broken file.
 */
export async function comparableScenarios(
  paths: readonly string[],
  shelf: ProviderShelf,
): Promise<Comparable[]> {
  const found: Comparable[] = [];
  for (const file of (await findScenarioFiles(paths)).files) {
    const loaded = await loadScenarios(file, { shelf });
    if ('issues' in loaded) throw new Error(loaded.issues.map((issue) => renderIssue(issue)).join('\n'));
    for (const scenario of loaded.scenarios) {
      if (scenario.tags.some((tag) => tag === 'client' || tag === 'long')) continue;
      const host = postfixHost(scenario);
      if (host) found.push({ scenario, name: nameOf(scenario), ...host });
    }
  }
  return found;
}

/** `undefined` where the scenario is not about one Postfix host. */
function postfixHost({ hosts }: Scenario): { readonly situation: string | undefined } | undefined {
  const [host, ...others] = Object.values(hosts);
  if (others.length > 0) return undefined;
  if (host === 'postfix') return { situation: undefined };
  if (typeof host !== 'object' || !('provider' in host) || host.provider !== 'postfix') return undefined;
  const { situation } = host;
  return Array.isArray(situation) ? undefined : { situation };
}

function nameOf({ file, variant }: Scenario): string {
  const path = file.startsWith(repository) ? file.slice(repository.length) : file;
  return variant === '' ? path : `${path} (${variant})`;
}
