import type { Clock } from '../../time/clock.ts';
import type { Verification } from '../verification.ts';
import type { SubReason } from '../vocabulary.ts';
import type { Observe } from './list-event.ts';
import { SlidingCount } from './sliding-count.ts';
import type { Counted, Threshold } from './threshold.ts';

/** Too much of something, or no more so. */
export interface Alert {
  readonly state: 'raised' | 'cleared';
  readonly threshold: Threshold;
  /** Results that count, of all in the window. */
  readonly count: number;
  readonly of: number;
  /** When, in ms since 1970. */
  readonly at: number;
  /** The result with which it came to this. */
  readonly latest: Verification;
}

/** Our address itself is refused. */
const blocks: ReadonlySet<SubReason> = new Set(['blocklisted', 'reputation', 'probe-blocked']);
/** A share is not judged by fewer results, or by less than the whole window where that is smaller. */
const fewest = 20;
/** A raised alert clears when there is so much of the threshold, or less: otherwise it would come and go with each result. */
const calm = 0.8;
/** 0.29 * 100 is a little less than 29. */
const rounding = 1e-9;

interface Watched {
  readonly threshold: Threshold;
  readonly window: SlidingCount;
  raised: boolean;
}

/** Counts results as they come, but for those from a cache, and tells of each threshold when it is passed, once, and when that is over. */
export class Alerts {
  readonly #watched: readonly Watched[];
  readonly #clock: Pick<Clock, 'now'>;
  readonly #next: Observe;

  constructor(thresholds: readonly Threshold[], clock: Pick<Clock, 'now'>, next: Observe) {
    this.#watched = thresholds.map((threshold) => ({
      threshold,
      window: new SlidingCount(threshold.window),
      raised: false,
    }));
    this.#clock = clock;
    this.#next = next;
  }

  readonly observe: Observe = (event) => {
    this.#next(event);
    if (event.kind !== 'result' || event.unfinished || event.verification.cached) return;
    for (const one of this.#watched) this.#count(one, event.verification);
  };

  #count(one: Watched, latest: Verification): void {
    const { threshold, window } = one;
    const at = this.#clock.now();
    window.add(counts(threshold.what, latest), at);
    const { count, of } = window;
    const state = one.raised ? 'cleared' : 'raised';
    if (one.raised ? !isCalm(threshold, count, of) : !isTooMuch(threshold, count, of)) return;
    one.raised = !one.raised;
    this.#next({ kind: 'alert', alert: { state, threshold, count, of, at, latest } });
  }
}

function counts(what: Counted, { verdict, subReason }: Verification): boolean {
  return what === 'blocked' ? blocks.has(subReason) : what === verdict || what === subReason;
}

function isTooMuch({ above, unit, window }: Threshold, count: number, of: number): boolean {
  if (unit === 'results') return count > above;
  const enough = 'results' in window ? Math.min(fewest, window.results) : fewest;
  return of >= enough && count > above * of + rounding;
}

function isCalm({ above, unit }: Threshold, count: number, of: number): boolean {
  return count <= calm * above * (unit === 'share' ? of : 1) + rounding;
}
