import { AlarmQueue } from './alarm-queue.ts';
import type { Alarm, Clock } from './clock.ts';
import { nextRound } from './event-loop.ts';

/** Rounds of the event loop that must pass with nothing under way before time may jump. */
const quietRounds = 2;

/** Rounds after which bytes that nobody reads no longer keep time from moving (a peer that never reads). */
const stuckRounds = 500;

/** Monday morning, so that dates in greetings look like a working day and are the same on every run. */
export const labEpoch = Date.UTC(2026, 0, 5, 9, 0, 0);

/**
 * Simulated time over real sockets. It stands still while anybody works and jumps to the next alarm when
 * everybody sleeps: nobody holds the clock, no byte is on its way, and two full rounds of I/O have brought
 * nothing new. A stalled event loop therefore delays a jump but never causes one.
 */
export class VirtualClock implements Clock {
  #now: number;
  #holds = 0;
  #activity = 0;
  #watching = false;
  readonly #alarms = new AlarmQueue();
  readonly #wires = new Set<() => number>();

  constructor(start: number = labEpoch) {
    this.#now = start;
  }

  now(): number {
    return this.#now;
  }

  alarm(delay: number, ring: () => void): Alarm {
    const alarm = this.#alarms.add(this.#now + Math.max(0, delay), ring);
    this.#activity++;
    this.#watch();
    return {
      cancel: () => {
        this.#alarms.callOff(alarm);
        this.#activity++;
      },
    };
  }

  sleep(delay: number): Promise<void> {
    return new Promise((resolve) => void this.alarm(delay, resolve));
  }

  hold(): () => void {
    this.#holds++;
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#holds--;
      this.#activity++;
      this.#watch();
    };
  }

  watchWire(inFlight: () => number): () => void {
    this.#wires.add(inFlight);
    return () => void this.#wires.delete(inFlight);
  }

  /** Moves time on by hand, ringing every alarm on the way in order. */
  advance(delay: number): void {
    const until = this.#now + delay;
    for (let next = this.#alarms.peek(); next && next.at <= until; next = this.#alarms.peek()) {
      this.#now = Math.max(this.#now, next.at);
      this.#alarms.take()?.ring?.();
    }
    this.#now = until;
  }

  #watch(): void {
    if (this.#watching || this.#holds > 0 || !this.#alarms.peek()) return;
    this.#watching = true;
    this.#round(this.#activity, 0, 0);
  }

  /** One round of the event loop: start over when anything happened, give up while somebody holds the clock. */
  #round(activity: number, quiet: number, stuck: number): void {
    nextRound(() => {
      if (this.#holds > 0 || !this.#alarms.peek()) {
        this.#watching = false;
        return;
      }
      const busy = activity !== this.#activity;
      const flying = !busy && stuck < stuckRounds && this.#inFlight();
      if (busy) this.#round(this.#activity, 0, 0);
      else if (flying) this.#round(activity, 0, stuck + 1);
      else if (quiet + 1 < quietRounds) this.#round(activity, quiet + 1, stuck);
      else this.#jump();
    });
  }

  #inFlight(): boolean {
    for (const wire of this.#wires) if (wire() > 0) return true;
    return false;
  }

  #jump(): void {
    this.#watching = false;
    const first = this.#alarms.peek();
    if (!first) return;
    this.#now = Math.max(this.#now, first.at);
    for (let due = this.#alarms.peek(); due && due.at <= this.#now; due = this.#alarms.peek()) {
      this.#alarms.take()?.ring?.();
    }
    this.#activity++;
    this.#watch();
  }
}
