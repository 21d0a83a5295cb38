/**
 * The most frequent of any number of names, in constant memory. Counts are too small by at most the share of all that `slack` tells, never
 * too large. (J. Misra and D. Gries, Finding repeated elements, 1982.)
 */
export class Frequent {
  readonly #most: number;
  readonly #counts = new Map<string, number>();
  #slack = 0;

  constructor(most: number) {
    this.#most = most;
  }

  /** By how much a count may be too small. */
  get slack(): number {
    return this.#slack;
  }

  get counts(): ReadonlyMap<string, number> {
    return this.#counts;
  }

  add(name: string): void {
    const count = this.#counts.get(name);
    if (count !== undefined || this.#counts.size < this.#most) this.#counts.set(name, (count ?? 0) + 1);
    else this.#fade();
  }

  /** A new name and one of each of those that are there cancel each other out. */
  #fade(): void {
    this.#slack++;
    for (const [name, count] of this.#counts) {
      if (count === 1) this.#counts.delete(name);
      else this.#counts.set(name, count - 1);
    }
  }
}
