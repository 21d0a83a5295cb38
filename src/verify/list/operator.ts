import type { Clock } from '../../time/clock.ts';
import { seconds } from '../../time/duration.ts';
import type { OperatorLimits } from './limits.ts';

/** Each sign of a limit halves the pace, down to this share of it. */
const slowest = 1 / 64;
/** What is said to several recipients of one transaction is one sign. */
const sameSign = seconds(1);
/** Each answer gives so much of the pace back. */
const recovery = 1.02;

/** Turns begin on a beat of so many ms, up to one late: those of a thousand operators then cost a few wake-ups, not a thousand. */
const beat = 100;

/** Whoever runs a group of exchangers: how fast they may be asked, and whether at all. */
export class Operator {
  readonly name: string;
  readonly #clock: Clock;
  readonly #limits: OperatorLimits;
  readonly #waiting: (() => void)[] = [];
  #open = 0;
  #pace = 1;
  #next = Number.NEGATIVE_INFINITY;
  #slowed = Number.NEGATIVE_INFINITY;
  #stopped: string | undefined;

  constructor(name: string, clock: Clock, limits: OperatorLimits) {
    this.name = name;
    this.#clock = clock;
    this.#limits = limits;
  }

  /** Why nobody there is asked any more. */
  get stopped(): string | undefined {
    return this.#stopped;
  }

  /** Nothing about it is worth remembering. */
  get idle(): boolean {
    const rested = this.#pace === 1 && this.#next <= this.#clock.now();
    return this.#open === 0 && this.#stopped === undefined && rested;
  }

  /** The share of the full pace at which it is asked now, above 0 and up to 1. */
  get pace(): number {
    return this.#pace;
  }

  /** Resolves when one more connection may be opened; `close` gives it back. */
  async open(): Promise<void> {
    if (this.#open < this.#limits.parallel) {
      this.#open++;
      return;
    }
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  close(): void {
    const next = this.#waiting.shift();
    if (next) next();
    else this.#open--;
  }

  /** ms until the next turn begins. */
  get delay(): number {
    return Math.max(0, this.#next - this.#clock.now());
  }

  /** Resolves when so many recipients may be asked about. */
  async turn(recipients: number): Promise<void> {
    const now = this.#clock.now();
    const begin = Math.max(now, this.#next);
    this.#next = begin + (recipients * seconds(1)) / (this.#limits.perSecond * this.#pace);
    if (begin > now) await this.#clock.sleep(Math.ceil(begin / beat) * beat - now);
  }

  /** A sign that it is too much. */
  slowDown(): void {
    const now = this.#clock.now();
    if (now - this.#slowed < sameSign) return;
    this.#slowed = now;
    this.#pace = Math.max(slowest, this.#pace / 2);
  }

  answered(): void {
    this.#pace = Math.min(1, this.#pace * recovery);
  }

  /** It does not want to be asked. */
  stop(why: string): void {
    this.#stopped ??= why;
  }
}
