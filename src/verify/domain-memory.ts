import type { Reply } from '../smtp/reply.ts';
import type { ControlCount } from './belief.ts';
import type { ControlProbe } from './verification.ts';

/** What is known of a domain. Holds for its exchangers of that time and for the one who asked. */
export interface DomainFacts {
  readonly controls: ControlCount;
  readonly probes: readonly ControlProbe[];
  /** Somebody there was accepted, so that we are not refused altogether. */
  readonly knownGood: boolean;
  readonly postmaster?: Reply;
  /** The names of its exchangers; the facts go when these change. */
  readonly exchangers: string;
  /** ms since 1970. */
  readonly expires: number;
}

/** Keeps facts about domains, the latest asked for longest. */
export class DomainMemory {
  readonly #most: number;
  readonly #facts = new Map<string, DomainFacts>();

  constructor(most = 10_000) {
    this.#most = most;
  }

  /** What holds at this time. */
  recall(domain: string, now: number): DomainFacts | undefined {
    const facts = this.#facts.get(domain);
    if (!facts || facts.expires <= now) return undefined;
    this.#facts.delete(domain);
    this.#facts.set(domain, facts);
    return facts;
  }

  keep(domain: string, facts: DomainFacts): void {
    this.#facts.delete(domain);
    this.#facts.set(domain, facts);
    const [oldest] = this.#facts.keys();
    if (this.#facts.size > this.#most && oldest !== undefined) this.#facts.delete(oldest);
  }
}
