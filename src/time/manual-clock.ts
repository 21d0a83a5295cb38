import { AlarmQueue } from './alarm-queue.ts';
import type { Alarm, Clock } from './clock.ts';
import { labEpoch } from './virtual-clock.ts';

/** Time that stands still until somebody moves it on by hand. */
export class ManualClock implements Clock {
  #now: number;
  readonly #alarms = new AlarmQueue();

  constructor(start: number = labEpoch) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  alarm(delay: number, ring: () => void): Alarm {
    const alarm = this.#alarms.add(this.#now + Math.max(0, delay), ring);
    return { cancel: () => this.#alarms.callOff(alarm) };
  }

  sleep(delay: number): Promise<void> {
    return new Promise((resolve) => void this.alarm(delay, resolve));
  }

  /** Moves time on by `delay` ms, ringing every alarm on the way in order. */
  advance(delay: number): void {
    const until = this.#now + delay;
    for (let next = this.#alarms.peek(); next && next.at <= until; next = this.#alarms.peek()) {
      this.#now = Math.max(this.#now, next.at);
      this.#alarms.take()?.ring?.();
    }
    this.#now = until;
  }

  hold(): () => void {
    return () => {};
  }

  watchWire(): () => void {
    return () => {};
  }
}
