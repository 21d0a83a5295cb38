import { type Knowledge, loadKnowledge } from '../knowledge/knowledge.ts';
import type { Environment } from '../probe/environment.ts';
import { hours, minutes } from '../time/duration.ts';
import { type Ask, type Asker, askAlone } from './asking.ts';
import { type Priors, usualPriors } from './belief.ts';
import { fromCache, intoCache, type ResultCache } from './cache/result-cache.ts';
import { DomainMemory } from './domain-memory.ts';
import type { Inquirer, Pending } from './inquirer.ts';
import { inquire } from './inquiry.ts';
import { type Backoff, backingOff } from './retrying.ts';
import { loadVerdicts } from './rules.ts';
import type { Verification } from './verification.ts';

/** How to find out about addresses. Times are ms. */
export interface VerifyOptions extends Asker {
  /** The envelope sender, of a domain with MX and SPF. */
  readonly sender: string;
  /** How long to go on where a host puts us off; 0 asks once. 28 h unless said otherwise, the end of every schedule. */
  readonly wait?: number;
  /** When to ask again, in place of the schedules for greylists, limits and trouble; then no other end is needed. */
  readonly retry?: Backoff;
  /** Between two controls that are to be independent of each other. A minute unless said otherwise. */
  readonly controlGap?: number;
  readonly priors?: Priors;
  /** Facts about domains that several addresses share. */
  readonly memory?: DomainMemory;
  /** What was found out before is not asked again; what is found out now goes there too. */
  readonly cache?: ResultCache;
  readonly knowledge?: Knowledge;
  /** How questions are put; each in a session of its own unless said otherwise. */
  readonly ask?: Ask;
  /** Told whenever a host puts us off, before the wait. */
  readonly waiting?: (pending: Pending) => void;
}

const usualWait = hours(28);

/** Makes an inquirer of options. */
export async function inquirerOf(environment: Environment, options: VerifyOptions): Promise<Inquirer> {
  const book = await loadVerdicts();
  const { retry, wait = retry ? Number.POSITIVE_INFINITY : usualWait } = options;
  return {
    ask: options.ask ?? askAlone(environment, options),
    knowledge: options.knowledge ?? (await loadKnowledge()),
    book: retry ? backingOff(book, retry) : book,
    memory: options.memory ?? new DomainMemory(undefined, options.cache),
    clock: environment.clock,
    random: environment.random,
    sender: options.sender,
    priors: options.priors ?? usualPriors,
    controlGap: options.controlGap ?? minutes(1),
    patience: wait,
  };
}

/**
 * Finds out whether an address takes mail: syntax, DNS, then a dialogue up to RCPT, never DATA. Where the host puts us off, waits on the
 * clock and asks again with the same sender, recipient and host. Rejects only with defects and with what our own surroundings refuse.
 */
export async function verifyAddress(
  environment: Environment,
  address: string,
  options: VerifyOptions,
): Promise<Verification> {
  const { cache } = options;
  const known = await fromCache(cache, address, environment.clock);
  if (known) return known;
  const inquirer = await inquirerOf(environment, options);
  let result = await inquire(inquirer, address);
  while ('pending' in result) {
    const { pending } = result;
    options.waiting?.(pending);
    await environment.clock.sleep(Math.max(0, pending.next - environment.clock.now()));
    result = await inquire(inquirer, address, pending);
  }
  await intoCache(cache, result.done, environment.clock);
  return result.done;
}
