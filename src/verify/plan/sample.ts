import { hashOf } from './hash.ts';

/**
 * Counts texts by kind in constant memory: all of them as long as there is room, and then of every other kind, every fourth and so
 * on, chosen by hash. What is counted is counted exactly. (Distinct sampling: P. Gibbons, VLDB 2001.)
 */
export class Sample {
  readonly #most: number;
  readonly #counts = new Map<string | number, number>();
  /** One kind in so many is counted: a power of two. */
  #oneIn = 1;

  constructor(most: number) {
    this.#most = most;
  }

  /** How many kinds each of those counted stands for; 1 when none is left out. */
  get oneIn(): number {
    return this.#oneIn;
  }

  /** Kinds in all; an estimate when some are left out. */
  get kinds(): number {
    return this.#counts.size * this.#oneIn;
  }

  get counts(): ReadonlyMap<string | number, number> {
    return this.#counts;
  }

  /** Counts a text under its hash, or under itself where its name is wanted afterwards. */
  add(text: string, under: 'hash' | 'name'): void {
    const hash = hashOf(text);
    if (hash % this.#oneIn !== 0) return;
    const key = under === 'hash' ? hash : text;
    this.#counts.set(key, (this.#counts.get(key) ?? 0) + 1);
    while (this.#counts.size > this.#most) this.#thin();
  }

  #thin(): void {
    this.#oneIn *= 2;
    for (const key of this.#counts.keys()) {
      const hash = typeof key === 'number' ? key : hashOf(key);
      if (hash % this.#oneIn !== 0) this.#counts.delete(key);
    }
  }
}
