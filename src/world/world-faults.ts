import type { Issue } from '../datafile/issue.ts';
import { issueAt, type Path, type Positions } from '../datafile/positions.ts';
import type { Source } from '../datafile/source.ts';
import { closest } from '../datafile/suggest.ts';
import { situationNames, situationOf } from '../sim/common-situations.ts';
import { isProfile, type ProviderShelf } from '../sim/load-profiles.ts';
import type { ProviderProfile } from '../sim/profile.ts';
import { type HostSource, providerOf } from './host-source.ts';

/** Hosts as far as they are well-formed, and what is wrong with the rest. */
export interface JudgedHosts {
  readonly issues: readonly Issue[];
  /** The profiles that hosts follow, by the name of the host. */
  readonly profiles: ReadonlyMap<string, ProviderProfile>;
}

/** Looks up the providers and situations that the `hosts` of a file name. */
export async function judgeHosts(
  hosts: Readonly<Record<string, HostSource>>,
  { source, at, shelf }: { readonly source: Source; readonly at: Positions; readonly shelf: ProviderShelf },
): Promise<JudgedHosts> {
  const issues: Issue[] = [];
  const profiles = new Map<string, ProviderProfile>();
  for (const [name, host] of Object.entries(hosts)) {
    const report = (path: Path, message: string, hint?: string): void => {
      issues.push(issueAt(source, at, ['hosts', name, ...path], message, hint));
    };
    const provider = providerOf(host);
    if (provider === undefined) continue;
    const path = typeof host === 'string' ? [] : ['provider'];
    const found = await shelf.get(provider);
    if (found === undefined) report(path, 'is not a provider', suggest(provider, await shelf.names()));
    else if (!isProfile(found)) issues.push(...found);
    else {
      profiles.set(name, found);
      checkSituations(host, found, report);
    }
  }
  return { issues, profiles };
}

function checkSituations(
  host: HostSource,
  profile: ProviderProfile,
  report: (path: Path, message: string, hint?: string) => void,
): void {
  if (typeof host === 'string' || !('situation' in host) || host.situation === undefined) return;
  const wanted = Array.isArray(host.situation) ? host.situation : [host.situation];
  for (const [i, situation] of wanted.entries()) {
    if (situationOf(profile, situation)) continue;
    const path = Array.isArray(host.situation) ? ['situation', i] : ['situation'];
    report(path, `is not a situation of ${profile.provider}`, suggest(situation, situationNames(profile)));
  }
}

/** What may help somebody who wrote a name that is not known. */
export function suggest(word: string, known: readonly string[]): string {
  const near = closest(word, known);
  return near === undefined ? `known: ${known.join(', ') || 'none'}` : `did you mean ${near}?`;
}
