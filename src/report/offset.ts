import type { StepResult } from '../scenario/result.ts';

/**
 * Time since the scenario began as a clock face: `0.000`, `5:03.250`, `26:10:03`, `34d 00:05`, `103d 00h`. The longer it is, the
 * less exactly it is told.
 */
export function formatOffset(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const [hours, minutes, seconds] = [
    Math.floor(whole / 3_600_000),
    Math.floor(whole / 60_000) % 60,
    Math.floor(whole / 1_000) % 60,
  ];
  const thousandths = String(whole % 1_000).padStart(3, '0');
  const days = Math.floor(hours / 24);
  if (days >= 100) return `${days}d ${two(hours % 24)}h`;
  if (hours >= 100) return `${days}d ${two(hours % 24)}:${two(minutes)}`;
  if (hours > 0) return `${hours}:${two(minutes)}:${two(seconds)}`;
  return minutes > 0 ? `${minutes}:${two(seconds)}.${thousandths}` : `${seconds}.${thousandths}`;
}

/** Width of `59:59.999` and `99d 23:59`. */
export const offsetWidth = 9;

const two = (n: number): string => String(n).padStart(2, '0');

/**
 * Turns the clock's time of events into time since the scenario began. Steps say how long after that they began, so the
 * first event of the first step that has any tells where the clock stood at the start.
 */
export class Origin {
  #start: number | undefined;

  /** Takes notice of a step. Steps come in the order in which they end. */
  see(step: StepResult): void {
    if (this.#start !== undefined) return;
    const times = step.traffic.flatMap(({ events }) => events.map(({ at }) => at));
    if (times.length > 0) this.#start = Math.min(...times) - step.at;
  }

  /** ms since the scenario began. */
  offset(at: number): number {
    return Math.max(0, at - (this.#start ?? at));
  }
}
