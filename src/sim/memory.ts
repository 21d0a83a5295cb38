import { z } from 'zod';

/** Entries that a table holds at most; the oldest make way. */
const mostEntries = 100_000;
/** Characters that the keys of a table hold at most: clients choose addresses, and so the length of keys. */
const mostCharacters = 16 * 1024 * 1024;
/** Times that a window holds for one key, where nothing else is said. */
const mostTimes = 50_000;
/** Entries that are not worth looking through for what has expired. */
const fewEntries = 1_000;

const valueSchema = z.union([
  z.number(),
  z.array(z.number()),
  z.record(z.string(), z.union([z.number(), z.boolean()])),
]);

/** What a memory is saved as: table to key to plain data. Times are ms on the lab's clock. */
export const memorySchema = z.record(z.string(), z.record(z.string(), valueSchema));

export type SavedMemory = z.output<typeof memorySchema>;

/**
 * What a host remembers between connections: one table for each behaviour that remembers anything. Hosts of one
 * provider may share a memory (rule GRY-04). Tables hold plain data, so that a memory can be read and saved.
 */
export class HostMemory {
  readonly #tables = new Map<string, Table>();
  readonly #present = new Map<string, Map<string, unknown>>();

  table<T>(name: string): Map<string, T> {
    const table = this.#tables.get(name) ?? new Table();
    this.#tables.set(name, table);
    return table as Map<string, unknown> as Map<string, T>;
  }

  /** What is so at the moment and no longer, such as open connections: neither saved nor reset. */
  present<T>(name: string): Map<string, T> {
    const table = this.#present.get(name) ?? new Map<string, unknown>();
    this.#present.set(name, table);
    return table as Map<string, T>;
  }

  reset(): void {
    this.#tables.clear();
  }

  /** All of it; tables without entries are left out. */
  toJSON(): SavedMemory {
    const filled = [...this.#tables].filter(([, table]) => table.size > 0);
    return structuredClone(
      Object.fromEntries(filled.map(([name, table]) => [name, Object.fromEntries(table)])),
    ) as SavedMemory;
  }

  /** Takes up what was saved, in place of what is remembered now. */
  load(saved: SavedMemory): void {
    this.reset();
    for (const [name, entries] of Object.entries(saved)) {
      const table = this.table<unknown>(name);
      for (const [key, value] of Object.entries(structuredClone(entries))) table.set(key, value);
    }
  }
}

/** A map that does not grow for ever. */
class Table extends Map<string, unknown> {
  #characters = 0;

  override set(key: string, value: unknown): this {
    if (!this.has(key)) {
      this.#characters += key.length;
      while (this.size >= mostEntries || (this.#characters > mostCharacters && this.size > 0))
        this.#dropOldest();
    }
    return super.set(key, value);
  }

  override delete(key: string): boolean {
    if (this.has(key)) this.#characters -= key.length;
    return super.delete(key);
  }

  override clear(): void {
    this.#characters = 0;
    super.clear();
  }

  #dropOldest(): void {
    const [oldest] = this.keys();
    if (oldest !== undefined) this.delete(oldest);
  }
}

/** Lets go of entries that mean nothing any more, whenever a table has doubled since the last look. */
export class Expiry<T> {
  readonly #isOver: (entry: T, now: number) => boolean;
  #enough = fewEntries;

  constructor(isOver: (entry: T, now: number) => boolean) {
    this.#isOver = isOver;
  }

  look(table: Map<string, T>, now: number): void {
    if (table.size < this.#enough) return;
    for (const [key, entry] of table) if (this.#isOver(entry, now)) table.delete(key);
    this.#enough = Math.max(fewEntries, 2 * table.size);
  }
}

/** The times (ms) at which something happened, newest last, kept only as far back as the window reaches. */
export class SlidingWindow {
  readonly #times: Map<string, number[]>;
  readonly #length: number;
  readonly #most: number;

  /** `most` is as far as it counts. */
  constructor(times: Map<string, number[]>, length: number, most = mostTimes) {
    this.#times = times;
    this.#length = length;
    this.#most = most;
  }

  /** For windows whose newest time has left them. */
  static expiry(length: number): Expiry<number[]> {
    return new Expiry((times, now) => !Array.isArray(times) || (times.at(-1) ?? 0) <= now - length);
  }

  /** Counts one event and returns how many lie within the window, this one included; `most` at most. */
  count(key: string, now: number): number {
    const kept = this.#times.get(key);
    const times = Array.isArray(kept) ? kept : []; // whatever a saved memory holds there
    while ((times[0] ?? now) <= now - this.#length || times.length >= this.#most) times.shift();
    times.push(now);
    this.#times.set(key, times);
    return times.length;
  }
}
