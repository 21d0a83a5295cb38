import type { Clock } from '../../time/clock.ts';

/** Results on their way from those who make them to the one who reads them. */
export class Outbox<T> {
  readonly #clock: Clock;
  readonly #taken: () => void;
  readonly #items: T[] = [];
  #reader: (() => void) | undefined;
  #ended = false;
  #error: { readonly error: unknown } | undefined;

  /** `taken` is told when the reader has taken all there was. */
  constructor(clock: Clock, taken: () => void) {
    this.#clock = clock;
    this.#taken = taken;
  }

  get size(): number {
    return this.#items.length;
  }

  put(item: T): void {
    this.#items.push(item);
    this.#wake();
  }

  end(): void {
    this.#ended = true;
    this.#wake();
  }

  fail(error: unknown): void {
    this.#error ??= { error };
    this.#wake();
  }

  /** Simulated time stands still while the reader is at work. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for (;;) {
      const release = this.#clock.hold();
      try {
        for (const item of this.#items.splice(0)) yield item;
        this.#taken();
      } finally {
        release();
      }
      if (this.#items.length > 0) continue;
      if (this.#error) throw this.#error.error;
      if (this.#ended) return;
      await new Promise<void>((resolve) => {
        this.#reader = resolve;
      });
    }
  }

  #wake(): void {
    this.#reader?.();
    this.#reader = undefined;
  }
}
