/** Parts that a window of time is cut into; it moves on by one of them. */
const parts = 60;

interface Window {
  readonly count: number;
  readonly of: number;
  add(counts: boolean, now: number): void;
}

/** How many of the latest things count: of so many, or of those of so many ms. */
export class SlidingCount implements Window {
  readonly #window: Window;

  constructor(size: { readonly results: number } | { readonly ms: number }) {
    this.#window = 'results' in size ? new LatestThings(size.results) : new LatestTime(size.ms);
  }

  get count(): number {
    return this.#window.count;
  }

  get of(): number {
    return this.#window.of;
  }

  add(counts: boolean, now: number): void {
    this.#window.add(counts, now);
  }
}

class LatestThings implements Window {
  readonly #ring: Uint8Array;
  #next = 0;
  count = 0;
  of = 0;

  constructor(size: number) {
    this.#ring = new Uint8Array(size);
  }

  add(counts: boolean): void {
    const now = counts ? 1 : 0;
    this.count += now - (this.#ring[this.#next] ?? 0);
    this.#ring[this.#next] = now;
    this.#next = (this.#next + 1) % this.#ring.length;
    this.of = Math.min(this.#ring.length, this.of + 1);
  }
}

class LatestTime implements Window {
  readonly #step: number;
  /** By the number of their part of time, oldest first. */
  readonly #parts = new Map<number, { count: number; of: number }>();
  count = 0;
  of = 0;

  constructor(ms: number) {
    this.#step = ms / parts;
  }

  add(counts: boolean, now: number): void {
    const current = Math.floor(now / this.#step);
    for (const [number, part] of this.#parts) {
      if (number > current - parts) break;
      this.count -= part.count;
      this.of -= part.of;
      this.#parts.delete(number);
    }
    const part = this.#parts.get(current) ?? { count: 0, of: 0 };
    this.#parts.set(current, part);
    part.of++;
    this.of++;
    if (!counts) return;
    part.count++;
    this.count++;
  }
}
