import type { Environment } from '../../probe/environment.ts';
import { holding } from '../../time/clock.ts';
import { readAddress } from '../address.ts';
import { type Inquirer, inquire, type Pending } from '../inquiry.ts';
import type { Verification } from '../verification.ts';
import { inquirerOf, type VerifyOptions } from '../verify-address.ts';
import { DomainGates } from './domain-gates.ts';
import { type OperatorLimits, usualLimits } from './limits.ts';
import { notAsked } from './not-asked.ts';
import { Outbox } from './outbox.ts';
import { Pool } from './pool.ts';
import { signOf } from './signs.ts';

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

export interface ListOptions extends VerifyOptions {
  /** How much may be asked of one operator. */
  readonly manners?: Partial<OperatorLimits>;
  /** Our own addresses, which take turns. */
  readonly sources?: readonly string[];
  /** Addresses that are worked on at the same time. 1,000 unless said otherwise. */
  readonly window?: number;
  /** Addresses that wait for a greylist or a limit at the same time; more of the list is read when some are through. 50,000. */
  readonly mostWaiting?: number;
  /** Ends the run: what is being asked is finished, nothing else begun. */
  readonly signal?: AbortSignal;
  /** What is known already, from a cache: asked before anybody else. */
  readonly known?: (address: string) => Promise<Verification | undefined>;
  /** Told when an operator is asked more slowly, or no more. */
  readonly limited?: (operator: string, what: { readonly pace: number; readonly stopped?: string }) => void;
}

/**
 * Finds out about a list of any length in constant memory. Results come as they are ready, each entry exactly once, in no order. Entries
 * are read as there is room for them. Rejects with whatever the list itself throws, and with defects.
 */
export async function* verifyList<K>(
  environment: Environment,
  list: AsyncIterable<ListEntry<K>> | Iterable<ListEntry<K>>,
  options: ListOptions,
): AsyncGenerator<ListResult<K>, void, undefined> {
  const limits = { ...usualLimits, ...options.manners };
  const pool = new Pool(environment, { asker: options, sources: options.sources ?? [], limits });
  const inquirer = await inquirerOf(environment, { ...options, ask: pool.ask });
  const run = new ListRun<K>(environment, { ...options, inquirer, pool });
  yield* run.results(list);
}

class ListRun<K> {
  readonly #environment: Environment;
  readonly #inquirer: Inquirer;
  readonly #pool: Pool;
  readonly #options: ListOptions;
  readonly #gates = new DomainGates();
  readonly #outbox: Outbox<ListResult<K>>;
  #open = 0;
  #waiting = 0;
  #room: (() => void) | undefined;
  #ended: (() => void) | undefined;

  constructor(
    environment: Environment,
    options: ListOptions & { readonly inquirer: Inquirer; readonly pool: Pool },
  ) {
    this.#environment = environment;
    this.#inquirer = options.inquirer;
    this.#pool = options.pool;
    this.#options = options;
    this.#outbox = new Outbox(environment.clock, () => this.#moveOn());
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
    const { clock } = this.#environment;
    const entries = Symbol.asyncIterator in list ? list[Symbol.asyncIterator]() : list[Symbol.iterator]();
    try {
      while (!this.#options.signal?.aborted) {
        const next = await holding(clock, async () => entries.next());
        if (next.done) break;
        this.#begin(next.value);
        if (this.#isFull())
          await new Promise<void>((resolve) => {
            this.#room = resolve;
          });
      }
    } finally {
      await entries.return?.();
    }
    if (this.#open + this.#waiting > 0)
      await new Promise<void>((resolve) => {
        this.#ended = resolve;
      });
  }

  #isFull(): boolean {
    const { window = 1_000, mostWaiting = 50_000 } = this.#options;
    return this.#open >= window || this.#waiting >= mostWaiting || this.#outbox.size >= window;
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
    if (this.#open + this.#waiting === 0) this.#ended?.();
  }

  /** Waits for the time to ask again. At the end of the run nobody waits any more. */
  #park(entry: ListEntry<K>, pending: Pending): void {
    const { clock } = this.#environment;
    const { signal } = this.#options;
    const end = (): void => {
      alarm.cancel();
      this.#give(entry, pending.verification, true);
      this.#waiting--;
      this.#moveOn();
    };
    this.#waiting++;
    const alarm = clock.alarm(Math.max(0, pending.next - clock.now()), () => {
      signal?.removeEventListener('abort', end);
      this.#waiting--;
      this.#begin(entry, pending);
    });
    if (signal?.aborted) end();
    else signal?.addEventListener('abort', end, { once: true });
  }

  #give(entry: ListEntry<K>, verification: Verification, unfinished = false): void {
    this.#outbox.put({ ...entry, verification, ...(unfinished ? { unfinished } : {}) });
  }

  /** Puts the question of one entry once. Resolves to what is to be asked later, if anything. */
  async #settle(entry: ListEntry<K>, pending: Pending | undefined): Promise<Pending | undefined> {
    const known = pending ? undefined : await this.#options.known?.(entry.address);
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
    const leave = await this.#gates.enter(asked.domain);
    try {
      return await this.#ask(entry, asked.domain, pending);
    } finally {
      leave();
    }
  }

  async #ask(
    entry: ListEntry<K>,
    domain: string,
    pending: Pending | undefined,
  ): Promise<Pending | undefined> {
    const operator = await this.#pool.operatorOf(domain);
    const { clock } = this.#environment;
    if (operator?.stopped !== undefined || this.#options.signal?.aborted) {
      const why = operator?.stopped ?? 'the run was ended';
      const verification = notAsked(entry.address, why, clock.now(), pending?.verification);
      this.#give(entry, verification, operator?.stopped === undefined);
      return undefined;
    }
    const result = await inquire(this.#inquirer, entry.address, pending);
    const verification = 'done' in result ? result.done : result.pending.verification;
    const sign = signOf(verification, this.#inquirer.book);
    if (operator && sign === 'none') operator.answered();
    else if (operator) {
      if (sign === 'stop') operator.stop(`${verification.subReason} at ${operator.name}`);
      else operator.slowDown();
      const { pace, stopped } = operator;
      this.#options.limited?.(operator.name, { pace, ...(stopped === undefined ? {} : { stopped }) });
    }
    if ('pending' in result) return result.pending;
    this.#give(entry, result.done);
    return undefined;
  }
}
