import type { Issue } from '../datafile/issue.ts';
import { issueAt, type Path, type Positions } from '../datafile/positions.ts';
import type { Source } from '../datafile/source.ts';
import { closest } from '../datafile/suggest.ts';
import { listed } from '../datafile/words.ts';
import { situationNames, situationOf } from '../sim/common-situations.ts';
import { isProfile, type ProviderShelf } from '../sim/load-profiles.ts';
import { mailboxStates } from '../sim/mailbox-states.ts';
import type { HostMember, ProviderProfile } from '../sim/profile.ts';
import { type HostSource, providerOf } from './host-source.ts';
import { portOf } from './populate.ts';

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
  const taken = new Map<string, string>();
  for (const [name, host] of Object.entries(hosts)) {
    const report = (path: Path, message: string, hint?: string): void => {
      issues.push(issueAt(source, at, ['hosts', name, ...path], message, hint));
    };
    checkAddresses(name, host, taken, report);
    const provider = providerOf(host);
    if (provider === undefined) continue;
    const path = typeof host === 'string' ? [] : ['provider'];
    const found = await shelf.get(provider);
    if (found === undefined) report(path, 'is not a provider', suggest(provider, await shelf.names()));
    else if (!isProfile(found)) issues.push(...found);
    else {
      profiles.set(name, found);
      if (typeof host === 'string' || !('provider' in host)) continue;
      for (const { of, path } of membersOf(host))
        checkMember(of, found, host, (inner, ...said) => report([...path, ...inner], ...said));
    }
  }
  return { issues, profiles };
}

type SimulatedSource = Extract<HostSource, { provider: string }>;

/** The host itself, and the machines of its pool. */
function membersOf(host: SimulatedSource): { readonly of: HostMember; readonly path: Path }[] {
  const pool = (host.pool ?? []).map((of, i) => ({ of, path: ['pool', i] }));
  return [{ of: host, path: [] }, ...pool];
}

type Report = (path: Path, message: string, hint?: string) => void;

function checkMember(
  { situation, mailboxes = {} }: HostMember,
  profile: ProviderProfile,
  host: SimulatedSource,
  report: Report,
): void {
  for (const [i, name] of [situation ?? []].flat().entries()) {
    if (situationOf(profile, name)) continue;
    const path = Array.isArray(situation) ? ['situation', i] : ['situation'];
    report(path, `is not a situation of ${profile.provider}`, suggest(name, situationNames(profile)));
  }
  const states = mailboxStates(profile, host);
  for (const [local, state] of Object.entries(mailboxes)) {
    if (states.includes(state)) continue;
    report(
      ['mailboxes', local],
      `is not a state that a mailbox of ${profile.provider} can be in`,
      suggest(state, states),
    );
  }
}

/** Nobody could tell two hosts at one address and port. `taken`: those of the hosts before, and whose they are. */
function checkAddresses(name: string, host: HostSource, taken: Map<string, string>, report: Report): void {
  const given = (typeof host === 'object' && 'addresses' in host && host.addresses) || [];
  for (const [i, address] of given.entries()) {
    const endpoint = `${address} port ${portOf(host).port}`;
    const other = taken.get(endpoint);
    if (other !== undefined) report(['addresses', i], `is taken: ${other} is at ${endpoint}`);
    else taken.set(endpoint, name);
  }
}

/** What is wrong with hosts that only a scenario can have. */
export function realHosts(
  hosts: Readonly<Record<string, HostSource>>,
  { source, at }: { readonly source: Source; readonly at: Positions },
): Issue[] {
  return Object.entries(hosts).flatMap(([name, host]) =>
    typeof host === 'object' && 'address' in host
      ? [
          issueAt(
            source,
            at,
            ['hosts', name, 'address'],
            'leads to a real host: only a scenario can have one',
          ),
        ]
      : [],
  );
}

/** What may help somebody who wrote a name that is not known. */
export function suggest(word: string, known: readonly string[]): string {
  const near = closest(word, known);
  return near === undefined ? `known: ${listed(known) || 'none'}` : `did you mean ${near}?`;
}
