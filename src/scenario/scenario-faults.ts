import type { Issue } from '../datafile/issue.ts';
import { issueAt, type Path, type Positions } from '../datafile/positions.ts';
import type { Source } from '../datafile/source.ts';
import { closest } from '../datafile/suggest.ts';
import { type Reason, reasons } from '../knowledge/vocabulary.ts';
import { isProfile, type ProviderShelf } from '../sim/load-profiles.ts';
import type { ProviderProfile } from '../sim/profile.ts';
import type { HostSource } from '../world/host-source.ts';
import type { Expectation } from './expectation.ts';
import type { Place, PlacedStep, Scenario } from './scenario.ts';
import type { Step } from './step.ts';
import { verbOf } from './step-title.ts';

/** What can be asked about the names in a scenario. */
type Named = Pick<Scenario, 'hosts' | 'steps'>;

/** Where the names are looked for, and how. */
interface Around {
  readonly source: Source;
  readonly at: Positions;
  readonly shelf: ProviderShelf;
  /** A connect may stand where nothing could be read: what sessions there are cannot be told. */
  readonly connectLost: boolean;
}

/** What is wrong with what reads well: names of providers, situations, hosts, sessions, reasons that are not there. */
export async function faultsOfScenario(
  scenario: Named,
  { source, at, shelf, connectLost }: Around,
): Promise<Issue[]> {
  const issues: Issue[] = [];
  const profiles = new Map<string, ProviderProfile>();
  for (const [name, host] of Object.entries(scenario.hosts)) {
    const report = (path: Path, message: string, hint?: string): void => {
      issues.push(issueAt(source, at, ['hosts', name, ...path], message, hint));
    };
    const provider = typeof host === 'string' ? host : 'provider' in host ? host.provider : undefined;
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
  const names = new Names(scenario, profiles, connectLost);
  names.check(scenario.steps, connectLost);
  return [...issues, ...names.issues];
}

function checkSituations(
  host: HostSource,
  profile: ProviderProfile,
  report: (path: Path, message: string, hint?: string) => void,
): void {
  if (typeof host === 'string' || !('situation' in host) || host.situation === undefined) return;
  const wanted = Array.isArray(host.situation) ? host.situation : [host.situation];
  for (const [i, situation] of wanted.entries()) {
    if (Object.hasOwn(profile.situations, situation)) continue;
    const path = Array.isArray(host.situation) ? ['situation', i] : ['situation'];
    report(
      path,
      `is not a situation of ${profile.provider}`,
      suggest(situation, Object.keys(profile.situations)),
    );
  }
}

/** What may help somebody who wrote a name that is not known. */
export function suggest(word: string, known: readonly string[]): string {
  const near = closest(word, known);
  return near === undefined ? `known: ${known.join(', ') || 'none'}` : `did you mean ${near}?`;
}

function needsSession(step: Step): boolean {
  return !['wait', 'attempt', 'repeat', 'parallel'].includes(verbOf(step));
}

/** Follows the names of hosts and sessions through the steps. */
class Names {
  readonly issues: Issue[] = [];
  readonly #scenario: Named;
  readonly #profiles: ReadonlyMap<string, ProviderProfile>;
  readonly #connectLost: boolean;
  readonly #sessions = new Set<string>();

  constructor(scenario: Named, profiles: ReadonlyMap<string, ProviderProfile>, connectLost: boolean) {
    this.#scenario = scenario;
    this.#profiles = profiles;
    this.#connectLost = connectLost;
  }

  /** `connected`: a connect stands above these steps. Returns whether one does after them. */
  check(steps: readonly PlacedStep[], connected: boolean): boolean {
    let open = connected;
    for (const placed of steps) {
      const { step } = placed;
      if ('connect' in step) {
        open = true;
        this.#known(
          placed,
          'connect',
          step.connect,
          Object.keys(this.#scenario.hosts),
          'is not a host of this scenario',
        );
        if (step.as !== undefined) this.#sessions.add(step.as);
      } else if ('switch' in step) this.#checkSwitch(placed, step.switch, step.on ?? step.off ?? '');
      else if ('on' in step && typeof step.on === 'string' && !this.#connectLost) {
        this.#known(
          placed,
          'on',
          step.on,
          [...this.#sessions],
          'is not a session: no connect above has this name as its "as"',
        );
      } else if (!open && needsSession(step))
        this.#report(placed, [], 'needs a session: no connect stands above it');
      this.#checkReasons(placed);
      const inner = placed.branches.map((branch) => this.check(branch, open));
      if ('repeat' in step) open = inner.some((each) => each);
    }
    return open;
  }

  #checkSwitch(placed: PlacedStep, host: string, situation: string): void {
    this.#known(placed, 'switch', host, Object.keys(this.#scenario.hosts), 'is not a host of this scenario');
    const profile = this.#profiles.get(host);
    if (!profile) return;
    const key = 'on' in placed.step ? 'on' : 'off';
    this.#known(
      placed,
      key,
      situation,
      Object.keys(profile.situations),
      `is not a situation of ${profile.provider}`,
    );
  }

  #checkReasons({ step, place }: PlacedStep): void {
    if ('expect' in step) this.#checkReasonsIn(step.expect, place);
    for (const [i, inner] of ('pipeline' in step ? step.pipeline : []).entries()) {
      this.#checkReasonsIn(inner.expect, { ...place, path: [...place.path, 'pipeline', i] });
    }
  }

  #checkReasonsIn(expect: Expectation | undefined, { source, at, path }: Place): void {
    for (const [i, { reason }] of (expect ?? []).entries()) {
      if (reason === undefined || reasons.includes(reason as Reason)) continue;
      const inList = expect && expect.length > 1 ? [i] : [];
      this.issues.push(
        issueAt(
          source,
          at,
          [...path, 'expect', ...inList, 'reason'],
          'is not a reason',
          suggest(reason, reasons),
        ),
      );
    }
  }

  #known(placed: PlacedStep, key: string, name: string, known: readonly string[], message: string): void {
    if (!known.includes(name)) this.#report(placed, [key], message, suggest(name, known));
  }

  #report({ place }: PlacedStep, path: Path, message: string, hint?: string): void {
    this.issues.push(issueAt(place.source, place.at, [...place.path, ...path], message, hint));
  }
}
