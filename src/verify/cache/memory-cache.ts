import type { DomainFacts } from '../domain-memory.ts';
import type { Verification } from '../verification.ts';
import type { CacheOptions, KeptResult, ResultCache } from './result-cache.ts';

interface Entry<T> {
  readonly value: T;
  readonly until: number;
}

/** Keeps results and facts for as long as the program runs, the latest `most` of each (100,000). */
export class MemoryCache implements ResultCache {
  readonly #results = new Map<string, Entry<KeptResult>>();
  readonly #facts = new Map<string, Entry<DomainFacts>>();
  readonly #most: number;
  readonly #keepFor: number;

  constructor({
    most = 100_000,
    keepFor = Number.POSITIVE_INFINITY,
  }: CacheOptions & { readonly most?: number } = {}) {
    this.#most = most;
    this.#keepFor = keepFor;
  }

  result(address: string, now: number): KeptResult | undefined {
    return holding(this.#results, address, now);
  }

  keepResult(address: string, verification: Verification, now: number): void {
    const until = Math.min(verification.expires, now + this.#keepFor);
    this.#put(this.#results, address, { value: { verification, at: now }, until });
  }

  facts(domain: string, now: number): DomainFacts | undefined {
    return holding(this.#facts, domain, now);
  }

  keepFacts(domain: string, facts: DomainFacts, now: number): void {
    this.#put(this.#facts, domain, { value: facts, until: Math.min(facts.expires, now + this.#keepFor) });
  }

  #put<T>(entries: Map<string, Entry<T>>, key: string, entry: Entry<T>): void {
    entries.delete(key);
    entries.set(key, entry);
    const [oldest] = entries.keys();
    if (entries.size > this.#most && oldest !== undefined) entries.delete(oldest);
  }
}

function holding<T>(entries: ReadonlyMap<string, Entry<T>>, key: string, now: number): T | undefined {
  const entry = entries.get(key);
  return entry && entry.until > now ? entry.value : undefined;
}
