import { type Clock, holding } from '../../time/clock.ts';

/** A list as it comes, an entry at a time; whoever waits for the next one may give up. */
export class Entries<E> {
  readonly #iterator: AsyncIterator<E> | Iterator<E>;
  readonly #clock: Clock;
  #giveUp: (() => void) | undefined;

  constructor(list: AsyncIterable<E> | Iterable<E>, clock: Clock) {
    this.#iterator = Symbol.asyncIterator in list ? list[Symbol.asyncIterator]() : list[Symbol.iterator]();
    this.#clock = clock;
  }

  /** The next entry, while the clock stands still; undefined at the end, or when somebody gives up. Rejects with what the list throws. */
  async next(): Promise<E | undefined> {
    const next = await holding(this.#clock, () => this.#next());
    return next === undefined || next.done ? undefined : next.value;
  }

  giveUp(): void {
    this.#giveUp?.();
  }

  /** Rejects with what the list throws; `left`: nobody waits for that. */
  async close({ left }: { readonly left: boolean }): Promise<void> {
    const closed = Promise.resolve(this.#iterator.return?.());
    if (left)
      closed.catch(() => {}); // who waits for the next line of a pipe is not closed before it comes
    else await closed;
  }

  #next(): Promise<IteratorResult<E> | undefined> {
    return new Promise((resolve, reject) => {
      this.#giveUp = () => resolve(undefined);
      Promise.resolve(this.#iterator.next()).then(resolve, reject);
    });
  }
}
