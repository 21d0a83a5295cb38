import type { Issue } from '../datafile/issue.ts';
import { issueAt, type Path, type Positions } from '../datafile/positions.ts';
import type { Source } from '../datafile/source.ts';
import { type Reason, reasons } from '../knowledge/vocabulary.ts';
import { situationNames } from '../sim/common-situations.ts';
import type { ProviderShelf } from '../sim/load-profiles.ts';
import type { ProviderProfile } from '../sim/profile.ts';
import { type SubReason, subReasons } from '../verify/vocabulary.ts';
import { judgeHosts, suggest } from '../world/world-faults.ts';
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
  const { issues, profiles } = await judgeHosts(scenario.hosts, { source, at, shelf });
  const names = new Names(scenario, profiles, connectLost);
  names.check(scenario.steps, connectLost);
  return [...issues, ...names.issues];
}

function needsSession(step: Step): boolean {
  return !['wait', 'attempt', 'verify', 'repeat', 'parallel'].includes(verbOf(step));
}

/** As much of an expectation as may name reasons. */
interface GivesReason {
  readonly reason?: string | undefined;
  /** Of a verify step. */
  readonly addresses?: Readonly<Record<string, { readonly reason?: string | undefined }>> | undefined;
}

/** The verifier has words of its own for why. */
function meantBy(reason: string): string | undefined {
  if (subReasons.includes(reason as SubReason))
    return `it is a sub-reason of a verdict: write sub-reason: ${reason}`;
  return suggest(reason, reasons);
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
    this.#known(placed, key, situation, situationNames(profile), `is not a situation of ${profile.provider}`);
  }

  #checkReasons({ step, place }: PlacedStep): void {
    if ('expect' in step) this.#checkReasonsIn(step.expect, place);
    for (const [i, inner] of ('pipeline' in step ? step.pipeline : []).entries()) {
      this.#checkReasonsIn(inner.expect, { ...place, path: [...place.path, 'pipeline', i] });
    }
  }

  #checkReasonsIn(expect: readonly GivesReason[] | undefined, { source, at, path }: Place): void {
    for (const [i, { reason, addresses = {} }] of (expect ?? []).entries()) {
      const inside = [...path, 'expect', ...(expect && expect.length > 1 ? [i] : [])];
      const check = (reason: string | undefined, way: Path): void => {
        if (reason === undefined || reasons.includes(reason as Reason)) return;
        this.issues.push(
          issueAt(source, at, [...inside, ...way, 'reason'], 'is not a reason', meantBy(reason)),
        );
      };
      check(reason, []);
      for (const [address, own] of Object.entries(addresses)) check(own.reason, ['addresses', address]);
    }
  }

  #known(placed: PlacedStep, key: string, name: string, known: readonly string[], message: string): void {
    if (!known.includes(name)) this.#report(placed, [key], message, suggest(name, known));
  }

  #report({ place }: PlacedStep, path: Path, message: string, hint?: string): void {
    this.issues.push(issueAt(place.source, place.at, [...place.path, ...path], message, hint));
  }
}
