import type { Alarm, Clock } from './clock.ts';

/** setTimeout takes at most this many ms; above it fires at once (Node documents the 32-bit limit). */
const longest = 2 ** 31 - 1;

/** The world's own time. */
export class RealClock implements Clock {
  now(): number {
    return Date.now();
  }

  alarm(delay: number, ring: () => void): Alarm {
    let timer: NodeJS.Timeout;
    const arm = (left: number): void => {
      const leg = Math.min(left, longest);
      timer = setTimeout(() => (left > leg ? arm(left - leg) : ring()), leg);
    };
    arm(delay);
    return { cancel: () => clearTimeout(timer) };
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
}
