import type { Reply } from '../smtp/reply.ts';
import type { ControlCount } from './belief.ts';
import { isSameNames } from './exchanger-names.ts';
import { Recent } from './recent.ts';
import type { ControlProbe } from './verification.ts';

/** A control that was put off: whoever asks again asks with it, as long as a greylist remembers it. */
export interface DeferredControl {
  readonly address: string;
  /** ms since 1970. */
  readonly until: number;
}

/** What is known of a domain. Holds for its exchangers of that time and for the one who asked. */
export interface DomainFacts {
  readonly controls: ControlCount;
  readonly probes: readonly ControlProbe[];
  /** Somebody there was accepted, so that we are not refused altogether. */
  readonly knownGood: boolean;
  readonly postmaster?: Reply;
  readonly deferred?: DeferredControl;
  /** Its exchangers (`namesOf`); the facts go when these change. */
  readonly exchangers: string;
  /** ms since 1970. */
  readonly expires: number;
}

/** Where facts about domains are kept beyond a run. Times are ms since 1970. */
export interface FactsKeeper {
  /** What holds at this time. */
  facts(domain: string, now: number): DomainFacts | undefined | Promise<DomainFacts | undefined>;
  keepFacts(domain: string, facts: DomainFacts, now: number): void | Promise<void>;
}

/** Keeps facts about domains, the latest asked for longest; what it does not know it may have from a keeper. */
export class DomainMemory {
  readonly #behind: FactsKeeper | undefined;
  readonly #facts: Recent<DomainFacts>;

  constructor(most = 10_000, behind?: FactsKeeper) {
    this.#facts = new Recent(most);
    this.#behind = behind;
  }

  /** What holds at this time, of what was kept or fetched. */
  recall(domain: string, now: number): DomainFacts | undefined {
    const facts = this.#facts.get(domain);
    return facts && facts.expires > now ? facts : undefined;
  }

  /** Asks the keeper for what is not known here. */
  async fetch(domain: string, now: number): Promise<void> {
    if (!this.#behind || this.recall(domain, now)) return;
    const facts = await this.#behind.facts(domain, now);
    if (facts && !this.recall(domain, now)) this.#facts.set(domain, facts);
  }

  /** Keeps facts, and what others found out in the meantime. */
  async keep(domain: string, facts: DomainFacts, now: number): Promise<void> {
    const before = this.recall(domain, now);
    const all = before ? together(before, facts) : facts;
    this.#facts.set(domain, all);
    if (this.#behind && saysSomething(all) && JSON.stringify(before) !== JSON.stringify(all))
      await this.#behind.keepFacts(domain, all, now);
  }
}

const answers = ({ controls }: DomainFacts): number => controls.accepted + controls.refused;

const saysSomething = (facts: DomainFacts): boolean =>
  answers(facts) > 0 || facts.knownGood || facts.postmaster !== undefined || facts.deferred !== undefined;

/** Two who asked about a domain at the same time do not undo what the other found out. */
function together(before: DomainFacts, facts: DomainFacts): DomainFacts {
  if (!isSameNames(before.exchangers, facts.exchangers)) return facts;
  const more = answers(before) > answers(facts) ? before : facts;
  const { controls, probes, exchangers, expires } = more;
  const postmaster = facts.postmaster ?? before.postmaster;
  const deferred = answers(more) > 0 ? undefined : (before.deferred ?? facts.deferred);
  return {
    controls,
    probes,
    knownGood: facts.knownGood || before.knownGood,
    ...(postmaster ? { postmaster } : {}),
    ...(deferred ? { deferred } : {}),
    exchangers,
    expires,
  };
}
