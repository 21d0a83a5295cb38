import { isIP } from 'node:net';
import type { Clock } from '../time/clock.ts';
import { formatDuration } from '../time/duration.ts';
import { canonicalName, reverseName } from './name.ts';
import type { Lookup, LookupFailure, MxRecord, Resolver } from './resolver.ts';
import type { Zone, ZoneRecords } from './zone.ts';

/** How many aliases are followed in a row; a longer chain, or one that goes in a circle, is a failure. */
const longestChain = 8;

/** How long a resolver commonly waits for an answer in all: two tries of five seconds each, in ms. */
const commonPatience = 10_000;

type RecordsByType = { readonly [type in 'mx' | 'a' | 'aaaa' | 'txt' | 'ptr']: ZoneRecords[type] };

/** Answers from a zone as name servers and a caching resolver would, on the given clock. */
export class ZoneResolver implements Resolver {
  readonly #clock: Clock;
  /** ms until a question without an answer is given up. */
  readonly #patience: number;
  readonly #names = new Map<string, ZoneRecords>();
  /** Every name with something at or below it. */
  readonly #existing = new Set<string>();

  constructor(zone: Zone, clock: Clock, patience: number = commonPatience) {
    this.#clock = clock;
    this.#patience = patience;
    for (const [written, records] of Object.entries(zone)) {
      const name = isIP(written) > 0 ? reverseName(written) : canonicalName(written);
      this.#names.set(name, { ...this.#names.get(name), ...records });
      for (let above = name; above !== ''; above = parentOf(above)) this.#existing.add(above);
    }
  }

  mx(domain: string): Promise<Lookup<MxRecord>> {
    return this.#lookUp(domain, 'mx');
  }

  addresses(host: string, family: 4 | 6): Promise<Lookup<string>> {
    return this.#lookUp(host, family === 4 ? 'a' : 'aaaa');
  }

  txt(domain: string): Promise<Lookup<string>> {
    return this.#lookUp(domain, 'txt');
  }

  ptr(address: string): Promise<Lookup<string>> {
    return this.#lookUp(reverseName(address), 'ptr');
  }

  async #lookUp<T extends keyof RecordsByType>(
    asked: string,
    type: T,
  ): Promise<Lookup<NonNullable<RecordsByType[T]>[number]>> {
    const deadline = this.#clock.now() + this.#patience;
    let name = canonicalName(asked);
    for (let hops = 0; hops <= longestChain; hops++) {
      const records = this.#at(name);
      const trouble = await this.#suffer(name, records, deadline);
      if (trouble) return trouble;
      if (records === undefined) return { kind: this.#existing.has(name) ? 'no-data' : 'no-such-domain' };
      if (records.cname === undefined) {
        const found = (records[type] ?? []) as readonly NonNullable<RecordsByType[T]>[number][];
        if (found.length === 0) return { kind: 'no-data' };
        return { kind: 'found', records: found, ...(hops > 0 && { canonical: name }) };
      }
      name = canonicalName(records.cname);
    }
    return failed('servfail', `the aliases of ${asked} lead in a circle or too far`);
  }

  /** Waits as long as the answer takes; tells when it will not come or is no answer. */
  async #suffer(
    name: string,
    records: ZoneRecords | undefined,
    deadline: number,
  ): Promise<Lookup<never> | undefined> {
    const left = deadline - this.#clock.now();
    const slow = records?.slow ?? 0;
    if (records?.fails === 'timeout' || slow > left) {
      await this.#clock.sleep(left);
      return failed('timeout', `no answer about ${name} within ${formatDuration(this.#patience)}`);
    }
    if (slow > 0) await this.#clock.sleep(slow);
    switch (records?.fails) {
      case undefined:
        return undefined;
      case 'nxdomain':
        return { kind: 'no-such-domain' };
      case 'servfail':
        return failed('servfail', `the name server failed on ${name} (SERVFAIL)`);
      case 'refused':
        return failed('refused', `the name server refused to answer about ${name} (REFUSED)`);
    }
  }

  /** The records at a name, or those of the wildcard that covers it. RFC 4592 3.3.1 */
  #at(name: string): ZoneRecords | undefined {
    const own = this.#names.get(name);
    if (own || this.#existing.has(name)) return own;
    let encloser = parentOf(name);
    while (encloser !== '' && !this.#existing.has(encloser)) encloser = parentOf(encloser);
    return this.#names.get(encloser === '' ? '*' : `*.${encloser}`);
  }
}

function parentOf(name: string): string {
  const dot = name.indexOf('.');
  return dot < 0 ? '' : name.slice(dot + 1);
}

function failed(why: LookupFailure, detail: string): Lookup<never> {
  return { kind: 'failed', why, detail };
}
