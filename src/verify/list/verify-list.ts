import type { Environment } from '../../probe/environment.ts';
import { readAddress } from '../address.ts';
import { MemoryCache } from '../cache/memory-cache.ts';
import { fromCache, intoCache, type ResultCache } from '../cache/result-cache.ts';
import type { Inquirer, InquiryResult, Pending } from '../inquirer.ts';
import { inquire } from '../inquiry.ts';
import type { Verification } from '../verification.ts';
import { inquirerOf, type VerifyOptions } from '../verify-address.ts';
import { DomainGates } from './domain-gates.ts';
import { Entries } from './entries.ts';
import { Lanes } from './lanes.ts';
import { type OperatorLimits, usualLimits } from './limits.ts';
import type { Observe } from './list-event.ts';
import { notAsked } from './not-asked.ts';
import type { Operator } from './operator.ts';
import { Outbox } from './outbox.ts';
import { Parking } from './parking.ts';
import { Pool } from './pool.ts';
import { Repeats, sameFor } from './repeats.ts';
import { signOf } from './signs.ts';
import type { Threshold } from './threshold.ts';
import { TurnedAway } from './turned-away.ts';
import { observerOf, watchedDoors } from './watched-doors.ts';

/** An address of a list, and where it stands: a line number, or whatever else the caller knows it by. */
export interface ListEntry<K = number> {
  readonly key: K;
  readonly address: string;
}

export interface ListResult<K = number> extends ListEntry<K> {
  readonly verification: Verification;
  /** The run was ended before the address had its final result. */
  readonly unfinished?: true;
}

const usualWindow = 1_000;
/** Results that are remembered for addresses that come again: these latest ones for certain, and up to twice as many. */
const latest = 10_000;

export interface ListOptions extends VerifyOptions {
  /** How much may be asked of one operator. */
  readonly manners?: Partial<OperatorLimits>;
  /** Our own addresses, among which recipients are shared out; each is asked about from the same one every time. */
  readonly sources?: readonly string[];
  /** Addresses that are worked on at the same time. 1,000 unless said otherwise. */
  readonly window?: number;
  /** Addresses that wait for a greylist or a slow operator at the same time; more of the list is read when some are through. 50,000. */
  readonly mostWaiting?: number;
  /** Ends the run: what is being asked is finished, nothing else begun. */
  readonly signal?: AbortSignal;
  /** Told of all that happens, as it happens; must not throw. */
  readonly observe?: Observe;
  /** What is too much: `observe` is told of it, and when it is so no more. */
  readonly alerts?: readonly Threshold[];
}

/**
 * Finds out about a list of any length in constant memory. Results come as they are ready, each entry exactly once, in no order; an
 * address that stands there again is not asked about again. Entries are read as there is room for them. Who stops reading results ends the run. Rejects with whatever the list itself throws, once what
 * was begun is finished and read, and with defects.
 */
export async function* verifyList<K>(
  environment: Environment,
  list: AsyncIterable<ListEntry<K>> | Iterable<ListEntry<K>>,
  options: ListOptions,
): AsyncGenerator<ListResult<K>, void, undefined> {
  const limits = { ...usualLimits, ...options.manners };
  const left = new AbortController();
  const signal = options.signal ? AbortSignal.any([options.signal, left.signal]) : left.signal;
  const observe = observerOf(environment, options);
  const watched = observe ? watchedDoors(environment, observe) : environment;
  const sources = options.sources ?? [];
  const pool = new Pool(watched, { asker: options, sources, limits, signal, observe });
  const inquirer = await inquirerOf(watched, { ...options, ask: pool.ask });
  const { observe: _, ...rest } = options;
  const run = new ListRun<K>(watched, { ...rest, ...(observe ? { observe } : {}), inquirer, pool, signal });
  try {
    yield* run.results(list);
  } finally {
    left.abort();
  }
}

/** No operator has more than a tenth of the window, or what two rounds of questions to it need. */
function laneWidth({ window = usualWindow, manners }: ListOptions): number {
  const { parallel, perTransaction } = { ...usualLimits, ...manners };
  return Math.min(window, Math.max(Math.ceil(window / 10), 2 * parallel * perTransaction));
}

class ListRun<K> {
  readonly #environment: Environment;
  readonly #inquirer: Inquirer;
  readonly #pool: Pool;
  readonly #options: ListOptions;
  readonly #gates = new DomainGates();
  readonly #lanes: Lanes;
  readonly #outbox: Outbox<ListResult<K>>;
  readonly #signal: AbortSignal;
  readonly #parked: Parking;
  readonly #repeats = new Repeats<ListEntry<K>>();
  /** What this run has found out lately, and what is kept from run to run. */
  readonly #caches: readonly ResultCache[];
  #entries: Entries<ListEntry<K>> | undefined;
  #open = 0;
  /** The list could not be read to its end. */
  #brokenOff = false;
  #room: (() => void) | undefined;
  #ended: (() => void) | undefined;

  constructor(
    environment: Environment,
    options: ListOptions & {
      readonly inquirer: Inquirer;
      readonly pool: Pool;
      readonly signal: AbortSignal;
    },
  ) {
    this.#environment = environment;
    this.#inquirer = options.inquirer;
    this.#pool = options.pool;
    this.#options = options;
    this.#signal = options.signal;
    this.#caches = [new MemoryCache({ most: 2 * latest }), ...(options.cache ? [options.cache] : [])];
    this.#parked = new Parking(environment.clock);
    this.#lanes = new Lanes(laneWidth(options), () => this.#moveOn());
    this.#outbox = new Outbox(environment.clock, () => this.#moveOn());
    this.#signal.addEventListener('abort', () => this.#end(), { once: true });
  }

  async *results(
    list: AsyncIterable<ListEntry<K>> | Iterable<ListEntry<K>>,
  ): AsyncGenerator<ListResult<K>, void, undefined> {
    const reading = this.#read(list).then(
      () => this.#outbox.end(),
      (error: unknown) => this.#outbox.fail(error),
    );
    yield* this.#outbox;
    await reading;
  }

  /** Reads entries as there is room, and resolves when all of them have their result. */
  async #read(list: AsyncIterable<ListEntry<K>> | Iterable<ListEntry<K>>): Promise<void> {
    const entries = new Entries(list, this.#environment.clock);
    this.#entries = entries;
    try {
      while (!this.#signal.aborted) {
        const entry = await entries.next();
        if (entry === undefined) break;
        this.#options.observe?.({ kind: 'read' });
        if (!this.#repeats.joins(entry)) this.#begin(entry);
        if (this.#isFull())
          await new Promise<void>((resolve) => {
            this.#room = resolve;
          });
      }
    } catch (error) {
      this.#brokenOff = true;
      this.#parked.endAll();
      await this.#settled();
      throw error;
    } finally {
      await entries.close({ left: this.#signal.aborted });
    }
    await this.#settled();
  }

  /** Resolves when all entries that were begun have their result. */
  async #settled(): Promise<void> {
    if (this.#unsettled > 0)
      await new Promise<void>((resolve) => {
        this.#ended = resolve;
      });
  }

  get #unsettled(): number {
    return this.#open + this.#parked.size;
  }

  #isFull(): boolean {
    const { window = usualWindow, mostWaiting = 50_000 } = this.#options;
    const { waiting } = this.#lanes;
    const isBusy = this.#open - waiting >= window || this.#outbox.size >= window;
    return isBusy || this.#parked.size + waiting + this.#repeats.size >= mostWaiting;
  }

  #begin(entry: ListEntry<K>, pending?: Pending): void {
    this.#open++;
    this.#settle(entry, pending).then(
      (later) => {
        this.#open--;
        if (later) this.#park(entry, later);
        this.#moveOn();
      },
      (error: unknown) => this.#outbox.fail(error),
    );
  }

  #moveOn(): void {
    if (!this.#isFull()) {
      this.#room?.();
      this.#room = undefined;
    }
    if (this.#unsettled === 0) this.#ended?.();
  }

  /** Waits for the time to ask again. At the end of the run nobody waits any more. */
  #park(entry: ListEntry<K>, pending: Pending): void {
    const { observe } = this.#options;
    const end = (): void => this.#give(entry, pending.verification, true);
    if (this.#signal.aborted || this.#brokenOff) return end();
    const takenUp =
      (next: () => void): (() => void) =>
      () => {
        observe?.({ kind: 'taken-up' });
        next();
      };
    const again = (): void => this.#begin(entry, pending);
    this.#parked.park(pending.next, { again: takenUp(again), end: takenUp(end) });
    observe?.({ kind: 'put-off', verification: pending.verification, until: pending.next });
  }

  #end(): void {
    this.#parked.endAll();
    this.#entries?.giveUp();
    this.#room?.();
    this.#moveOn();
  }

  /** Gives the result of an entry, and of those that repeat it. */
  #give(entry: ListEntry<K>, verification: Verification, unfinished = false): void {
    const now = this.#environment.clock.now();
    this.#put(entry, verification, unfinished);
    for (const repeat of this.#repeats.settled(entry))
      this.#put(repeat, sameFor(repeat, verification, unfinished ? undefined : now), unfinished);
  }

  #put(entry: ListEntry<K>, verification: Verification, unfinished: boolean): void {
    this.#options.observe?.({ kind: 'result', verification, unfinished });
    const { key, address } = entry;
    this.#outbox.put({ key, address, verification, ...(unfinished ? { unfinished } : {}) });
  }

  /** Puts the question of one entry once. Resolves to what is to be asked later, if anything. */
  async #settle(entry: ListEntry<K>, pending: Pending | undefined): Promise<Pending | undefined> {
    const known = pending ? undefined : await this.#known(entry);
    if (known) {
      this.#give(entry, known);
      return undefined;
    }
    const asked = readAddress(entry.address);
    if ('fault' in asked) {
      const result = await inquire(this.#inquirer, entry.address);
      if ('done' in result) this.#give(entry, result.done);
      return undefined;
    }
    const { domain } = asked;
    const operator = await this.#pool.operatorOf(domain);
    const leaveLane = await this.#lanes.enter(operator?.name ?? domain, { returning: pending !== undefined });
    const leave = await this.#gates.enter(domain);
    try {
      return await this.#ask(entry, domain, pending);
    } finally {
      leave();
      leaveLane();
    }
  }

  async #known({ address }: ListEntry<K>): Promise<Verification | undefined> {
    for (const cache of this.#caches) {
      const known = await fromCache(cache, address, this.#environment.clock);
      if (known) return known;
    }
    return undefined;
  }

  async #ask(
    entry: ListEntry<K>,
    domain: string,
    pending: Pending | undefined,
  ): Promise<Pending | undefined> {
    const operator = await this.#pool.operatorOf(domain);
    if (operator?.stopped !== undefined || this.#signal.aborted)
      return this.#leaveOut(entry, operator, pending);
    let result: InquiryResult;
    try {
      result = await inquire(this.#inquirer, entry.address, pending);
    } catch (error) {
      if (error instanceof TurnedAway) return this.#leaveOut(entry, operator, pending);
      throw error;
    }
    await this.#heed('done' in result ? result.done : result.pending.verification, domain);
    if ('pending' in result) return result.pending;
    for (const cache of this.#caches) await intoCache(cache, result.done, this.#environment.clock);
    this.#give(entry, result.done);
    return undefined;
  }

  /** Gives the result of an entry about which nobody was asked, or nobody any more. */
  #leaveOut(entry: ListEntry<K>, operator: Operator | undefined, pending: Pending | undefined): undefined {
    const why = operator?.stopped ?? 'the run was ended';
    const now = this.#environment.clock.now();
    const verification = notAsked(entry.address, why, now, pending?.verification);
    this.#give(entry, verification, operator?.stopped === undefined);
  }

  /** Asks an operator more slowly, or no more, where its answer says so. */
  async #heed(verification: Verification, domain: string): Promise<void> {
    const operator = await this.#pool.operatorOf(domain);
    if (!operator) return;
    const sign = signOf(verification, this.#inquirer.book);
    const before = operator.pace;
    if (sign === 'none') operator.answered();
    else if (sign === 'stop') operator.stop(`${verification.subReason} at ${operator.name}`);
    else operator.slowDown();
    const { pace, stopped } = operator;
    if (sign === 'none' && pace === before) return;
    const why = stopped === undefined ? {} : { stopped };
    this.#options.observe?.({ kind: 'paced', operator: operator.name, sign, pace, ...why });
  }
}
