import type { Alarm, Clock } from './clock.ts';

/** setTimeout takes at most this many ms; above it fires at once (Node documents the 32-bit limit). */
const longest = 2 ** 31 - 1;

/** The world's own time. */
export class RealClock implements Clock {
  readonly #end: AbortSignal | undefined;
  /** How to call off the alarms that have not rung, where there is an end. */
  readonly #pending = new Set<() => void>();

  /** When `end` fires, alarms that have not rung are called off and sleepers sleep on; new ones never ring. */
  constructor(end?: AbortSignal) {
    this.#end = end;
    end?.addEventListener('abort', () => this.#callOffAll(), { once: true });
  }

  now(): number {
    return Date.now();
  }

  alarm(delay: number, ring: () => void): Alarm {
    if (this.#end?.aborted) return { cancel: () => {} };
    let timer: NodeJS.Timeout;
    const cancel = (): void => {
      clearTimeout(timer);
      this.#pending.delete(cancel);
    };
    const arm = (left: number): void => {
      const leg = Math.min(left, longest);
      timer = setTimeout(() => {
        if (left > leg) return arm(left - leg);
        cancel();
        ring();
      }, leg);
    };
    arm(delay);
    if (this.#end) this.#pending.add(cancel);
    return { cancel };
  }

  sleep(delay: number): Promise<void> {
    return new Promise((resolve) => void this.alarm(delay, resolve));
  }

  hold(): () => void {
    return () => {};
  }

  watchWire(): () => void {
    return () => {};
  }

  #callOffAll(): void {
    for (const cancel of this.#pending) cancel();
  }
}
