import { type Clock, holding } from '../../time/clock.ts';
import { readAddress } from '../address.ts';
import type { FactsKeeper } from '../domain-memory.ts';
import type { Verification } from '../verification.ts';

/** A result as it was kept. */
export interface KeptResult {
  readonly verification: Verification;
  /** When it was found out, in ms since 1970. */
  readonly at: number;
}

/**
 * Where results of addresses and facts about domains are kept from run to run. An address comes in the form that it has on the wire,
 * its domain in A-labels and small letters. Times are ms since 1970; no answer may outlive `expires` of what was kept.
 */
export interface ResultCache extends FactsKeeper {
  /** The result of an address, if it holds at this time. */
  result(address: string, now: number): KeptResult | undefined | Promise<KeptResult | undefined>;
  keepResult(address: string, verification: Verification, now: number): void | Promise<void>;
}

/** What a cache may be told. */
export interface CacheOptions {
  /** Nothing is kept longer, in ms, however long it would hold. */
  readonly keepFor?: number;
}

/** What a cache knows of an address, marked as such. */
export async function fromCache(
  cache: ResultCache | undefined,
  address: string,
  clock: Clock,
): Promise<Verification | undefined> {
  if (!cache) return undefined;
  const asked = readAddress(address);
  if ('fault' in asked) return undefined;
  const now = clock.now();
  const kept = await holding(clock, async () => cache.result(asked.wire, now));
  if (!kept) return undefined;
  const age = Math.max(0, now - kept.at);
  return { ...kept.verification, address: asked.address, cached: { at: kept.at, age } };
}

/** Keeps what was found out, if there is anything worth keeping. */
export async function intoCache(
  cache: ResultCache | undefined,
  verification: Verification,
  clock: Clock,
): Promise<void> {
  const now = clock.now();
  if (!cache || verification.cached || verification.expires <= now) return;
  const asked = readAddress(verification.address);
  if ('fault' in asked) return;
  await holding(clock, async () => cache.keepResult(asked.wire, verification, now));
}
