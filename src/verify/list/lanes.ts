interface Lane {
  inside: number;
  /** Who has been there before goes before who comes for the first time. */
  readonly returning: (() => void)[];
  readonly new: (() => void)[];
}

/** Lets so many go at the same time in each lane: a slow one keeps its own waiting, and nobody else. */
export class Lanes {
  readonly #width: number;
  readonly #changed: () => void;
  readonly #lanes = new Map<string, Lane>();
  #waiting = 0;

  /** `changed` is told when somebody begins to wait. */
  constructor(width: number, changed: () => void) {
    this.#width = width;
    this.#changed = changed;
  }

  /** Those that have entered and not yet gone on, in all lanes. */
  get waiting(): number {
    return this.#waiting;
  }

  /** Resolves when there is room in the lane; the returned function gives it back. */
  async enter(name: string, { returning }: { readonly returning: boolean }): Promise<() => void> {
    const lane = this.#lanes.get(name) ?? { inside: 0, returning: [], new: [] };
    this.#lanes.set(name, lane);
    if (lane.inside < this.#width) lane.inside++;
    else {
      this.#waiting++;
      const turn = new Promise<void>((resolve) => lane[returning ? 'returning' : 'new'].push(resolve));
      this.#changed();
      await turn;
    }
    return () => this.#leave(name, lane);
  }

  #leave(name: string, lane: Lane): void {
    const next = lane.returning.shift() ?? lane.new.shift();
    if (next) {
      this.#waiting--;
      next();
    } else if (--lane.inside === 0) this.#lanes.delete(name);
  }
}
