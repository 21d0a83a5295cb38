/**
 * What a host remembers between connections: one table for each behaviour that remembers anything. Hosts of one
 * provider may share a memory (rule GRY-04). Tables hold plain data, so that a memory can be read and saved.
 */
export class HostMemory {
  readonly #tables = new Map<string, Map<string, unknown>>();

  table<T>(name: string): Map<string, T> {
    const table = this.#tables.get(name) ?? new Map<string, unknown>();
    this.#tables.set(name, table);
    return table as Map<string, T>;
  }

  reset(): void {
    this.#tables.clear();
  }
}

/** The times (ms) at which something happened, newest last, kept only as far back as the window reaches. */
export class SlidingWindow {
  readonly #times: Map<string, number[]>;
  readonly #length: number;

  constructor(times: Map<string, number[]>, length: number) {
    this.#times = times;
    this.#length = length;
  }

  /** Counts one event and returns how many lie within the window, this one included. */
  count(key: string, now: number): number {
    const kept = (this.#times.get(key) ?? []).filter((time) => time > now - this.#length);
    kept.push(now);
    this.#times.set(key, kept);
    return kept.length;
  }
}
