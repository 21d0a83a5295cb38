import { formatDuration } from '../../time/duration.ts';
import type { Palette } from '../palette.ts';
import type { RowClass } from './row.ts';

const order: readonly RowClass[] = ['deliverable', 'accept-all', 'undeliverable', 'unknown', 'not-answered'];

/** Counts results by class while they come. Times are real ms. */
export class VerifyTally {
  readonly #counts = new Map<RowClass, number>();
  readonly #began: number;
  #count = 0;

  constructor(began: number) {
    this.#began = began;
  }

  get count(): number {
    return this.#count;
  }

  get counts(): ReadonlyMap<RowClass, number> {
    return this.#counts;
  }

  add(row: RowClass): void {
    this.#count++;
    this.#counts.set(row, (this.#counts.get(row) ?? 0) + 1);
  }

  /** How things stand: `412 of 10000 · 31/s · 5 min left · 201 deliverable, ...`. */
  status(now: number, total: number | undefined, { marks }: Palette): string {
    const elapsed = Math.max(1, now - this.#began);
    const rate = (this.#count * 1_000) / elapsed;
    const left = total === undefined || rate === 0 ? undefined : ((total - this.#count) / rate) * 1_000;
    const parts = [
      total === undefined ? `${this.#count}` : `${this.#count} of ${total}`,
      `${rate < 10 ? rate.toFixed(1) : Math.round(rate)}/s`,
      ...(left === undefined || left <= 0 ? [] : [`${formatDuration(left)} left`]),
      this.byClass(),
    ];
    return parts.join(` ${marks.dot} `);
  }

  byClass(): string {
    return order
      .flatMap((name) => (this.#counts.has(name) ? [`${this.#counts.get(name)} ${name}`] : []))
      .join(', ');
  }
}
