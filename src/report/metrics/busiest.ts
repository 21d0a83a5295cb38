/** Numbers by the name of a metric and its labels, in a key. */
export type Counts = Map<string, number>;

/** Others that are watched for becoming busy; with more, watching begins anew. */
const mostWatched = 1_000;

/**
 * Counts for the busiest of any number of operators, and one of all `others`: a list of a million domains makes no million series. Who
 * becomes twice as busy as the least of them takes its place, whose counts go to the others: none is lost, and the others' never fall.
 */
export class Busiest {
  readonly #seats: number;
  readonly #seated = new Map<string, { events: number; readonly counts: Counts }>();
  readonly #watched = new Map<string, number>();
  readonly #others: Counts = new Map();

  constructor(seats: number) {
    this.#seats = seats;
  }

  add(operator: string, key: string): void {
    const counts = this.#countsOf(operator);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }

  has(operator: string): boolean {
    return this.#seated.has(operator);
  }

  /** Calls `each` with every count; the name is undefined for all others together. */
  each(each: (operator: string | undefined, key: string, count: number) => void): void {
    for (const [name, { counts }] of this.#seated) for (const [key, count] of counts) each(name, key, count);
    for (const [key, count] of this.#others) each(undefined, key, count);
  }

  #countsOf(operator: string): Counts {
    const seat = this.#seated.get(operator);
    if (seat) {
      seat.events++;
      return seat.counts;
    }
    const events = (this.#watched.get(operator) ?? 0) + 1;
    if (this.#seated.size < this.#seats) return this.#seat(operator, events);
    const [least, itsEvents] = this.#leastBusy();
    if (events > 2 * itsEvents) {
      this.#unseat(least);
      return this.#seat(operator, events);
    }
    if (this.#watched.size >= mostWatched) this.#watched.clear();
    this.#watched.set(operator, events);
    return this.#others;
  }

  #seat(operator: string, events: number): Counts {
    const counts: Counts = new Map();
    this.#seated.set(operator, { events, counts });
    this.#watched.delete(operator);
    return counts;
  }

  #unseat(operator: string): void {
    for (const [key, count] of this.#seated.get(operator)?.counts ?? [])
      this.#others.set(key, (this.#others.get(key) ?? 0) + count);
    this.#seated.delete(operator);
  }

  #leastBusy(): readonly [string, number] {
    let least: readonly [string, number] = ['', Number.POSITIVE_INFINITY];
    for (const [name, { events }] of this.#seated) if (events < least[1]) least = [name, events];
    return least;
  }
}
