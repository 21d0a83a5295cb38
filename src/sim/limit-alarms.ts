import type { Alarm, Clock } from '../time/clock.ts';
import type { SessionLimit } from './behaviour.ts';
import type { Decision } from './decision.ts';

/** Rings when a session has idled or lived for as long as its host allows. */
export class LimitAlarms {
  readonly #clock: Clock;
  readonly #limits: () => readonly SessionLimit[];
  readonly #strike: (decision: Decision) => void;
  #age: readonly Alarm[] = [];
  #idle: readonly Alarm[] = [];

  constructor(clock: Clock, limits: () => readonly SessionLimit[], strike: (decision: Decision) => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#strike = strike;
  }

  startAge(): void {
    this.#age = this.#set('age');
  }

  startIdle(): void {
    if (this.#limits().length > 0) this.#idle = this.#set('idle');
  }

  stopIdle(): void {
    for (const alarm of this.#idle) alarm.cancel();
    this.#idle = [];
  }

  /** Part of a message is here: its sender is not idle, and the clock stands still until what is returned is called. */
  reading(): () => void {
    this.stopIdle();
    this.startIdle();
    return this.#clock.hold();
  }

  stop(): void {
    this.stopIdle();
    for (const alarm of this.#age) alarm.cancel();
  }

  #set(counts: SessionLimit['counts']): readonly Alarm[] {
    return this.#limits()
      .filter((limit) => limit.counts === counts)
      .map(({ after, decision }) => this.#clock.alarm(after, () => this.#strike(decision)));
  }
}
