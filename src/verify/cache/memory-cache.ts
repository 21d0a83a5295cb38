import type { DomainFacts } from '../domain-memory.ts';
import { Recent } from '../recent.ts';
import type { Verification } from '../verification.ts';
import type { CacheOptions, KeptResult, ResultCache } from './result-cache.ts';

interface Entry<T> {
  readonly value: T;
  readonly until: number;
}

/** Keeps results and facts for as long as the program runs: of each the latest, `most` (100,000) and at least half as many. */
export class MemoryCache implements ResultCache {
  readonly #results: Recent<Entry<KeptResult>>;
  readonly #facts: Recent<Entry<DomainFacts>>;
  readonly #keepFor: number;

  constructor({
    most = 100_000,
    keepFor = Number.POSITIVE_INFINITY,
  }: CacheOptions & { readonly most?: number } = {}) {
    this.#results = new Recent(most);
    this.#facts = new Recent(most);
    this.#keepFor = keepFor;
  }

  result(address: string, now: number): KeptResult | undefined {
    return holding(this.#results, address, now);
  }

  keepResult(address: string, verification: Verification, now: number): void {
    const until = Math.min(verification.expires, now + this.#keepFor);
    this.#results.set(address, { value: { verification, at: now }, until });
  }

  facts(domain: string, now: number): DomainFacts | undefined {
    return holding(this.#facts, domain, now);
  }

  keepFacts(domain: string, facts: DomainFacts, now: number): void {
    this.#facts.set(domain, { value: facts, until: Math.min(facts.expires, now + this.#keepFor) });
  }
}

function holding<T>(entries: Recent<Entry<T>>, key: string, now: number): T | undefined {
  const entry = entries.get(key);
  return entry && entry.until > now ? entry.value : undefined;
}
