import type { Clock } from '../../time/clock.ts';

/** Entries that wait for the time to be asked about again. */
export class Parking {
  readonly #clock: Clock;
  readonly #ends = new Set<() => void>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  get size(): number {
    return this.#ends.size;
  }

  /** Calls `again` at a time, in ms since 1970, or `end` where all waits are ended before. */
  park(until: number, { again, end }: { readonly again: () => void; readonly end: () => void }): void {
    const ended = (): void => {
      alarm.cancel();
      end();
    };
    this.#ends.add(ended);
    const alarm = this.#clock.alarm(Math.max(0, until - this.#clock.now()), () => {
      this.#ends.delete(ended);
      again();
    });
  }

  endAll(): void {
    for (const end of this.#ends) end();
    this.#ends.clear();
  }
}
