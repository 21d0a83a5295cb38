import type { Alarm, Clock } from '../time/clock.ts';
import type { SessionLimit } from './behaviour.ts';
import type { Decision } from './decision.ts';

/** Stands for an idle limit. */
interface IdleAlarm {
  readonly limit: SessionLimit;
  readonly alarm: Alarm;
}

/** Rings when a session has idled or lived for as long as its host allows. */
export class LimitAlarms {
  readonly #clock: Clock;
  readonly #limits: () => readonly SessionLimit[];
  readonly #strike: (decision: Decision) => void;
  #age: readonly Alarm[] = [];
  /** They are left to ring when the client says something, and then look again. */
  #idle: readonly IdleAlarm[] = [];
  /** Since when the client has been silent; absent while the host owes it something. */
  #idleSince: number | undefined;

  constructor(clock: Clock, limits: () => readonly SessionLimit[], strike: (decision: Decision) => void) {
    this.#clock = clock;
    this.#limits = limits;
    this.#strike = strike;
  }

  startAge(): void {
    this.#age = this.#limits()
      .filter(({ counts }) => counts === 'age')
      .map(({ after, decision }) => this.#clock.alarm(after, () => this.#strike(decision)));
  }

  startIdle(): void {
    const limits = this.#limits();
    if (limits.length === 0 && this.#idle.length === 0) return;
    this.#idleSince = this.#clock.now();
    for (const { limit } of this.#idle) if (!limits.includes(limit)) this.#drop(limit); // a situation was switched
    for (const limit of limits) {
      const waits = this.#idle.some((alarm) => alarm.limit === limit);
      if (limit.counts === 'idle' && !waits) this.#await(limit, limit.after);
    }
  }

  stopIdle(): void {
    this.#idleSince = undefined;
  }

  /** Part of a message is here: its sender is not idle, and the clock stands still until what is returned is called. */
  reading(): () => void {
    this.startIdle();
    return this.#clock.hold();
  }

  stop(): void {
    this.stopIdle();
    for (const alarm of this.#age) alarm.cancel();
    for (const { alarm } of this.#idle) alarm.cancel();
    this.#idle = [];
  }

  #await(limit: SessionLimit, left: number): void {
    const alarm = this.#clock.alarm(left, () => this.#look(limit));
    this.#idle = [...this.#idle, { limit, alarm }];
  }

  #drop(limit: SessionLimit): void {
    for (const { alarm } of this.#idle.filter((idle) => idle.limit === limit)) alarm.cancel();
    this.#idle = this.#idle.filter((idle) => idle.limit !== limit);
  }

  #look(limit: SessionLimit): void {
    this.#drop(limit);
    if (this.#idleSince === undefined) return; // the next `startIdle` sees to it
    const left = this.#idleSince + limit.after - this.#clock.now();
    if (left > 0) this.#await(limit, left);
    else this.#strike(limit.decision);
  }
}
