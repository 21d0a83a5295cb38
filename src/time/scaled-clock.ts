import type { Alarm, Clock } from './clock.ts';
import { RealClock } from './real-clock.ts';

/** The world's time, running `pace` times as fast: at 60 an hour takes a minute. */
export class ScaledClock implements Clock {
  readonly #real: RealClock;
  readonly #start: number;
  readonly #pace: number;

  /** When `end` fires, alarms that have not rung are called off. */
  constructor(pace: number, end?: AbortSignal) {
    this.#real = new RealClock(end);
    this.#start = this.#real.now();
    this.#pace = pace;
  }

  now(): number {
    return this.#start + (this.#real.now() - this.#start) * this.#pace;
  }

  alarm(delay: number, ring: () => void): Alarm {
    return this.#real.alarm(delay / this.#pace, ring);
  }

  sleep(delay: number): Promise<void> {
    return this.#real.sleep(delay / this.#pace);
  }

  hold(): () => void {
    return () => {};
  }

  watchWire(): () => void {
    return () => {};
  }
}
