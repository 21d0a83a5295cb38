import { hours, minutes, seconds } from '../time/duration.ts';
import type { Schedule, VerdictBook } from './rules.ts';
import { type ScheduleName, scheduleNames } from './vocabulary.ts';

const units = { s: seconds(1), m: minutes(1), h: hours(1) } as const;

/** "try again in 300 seconds", "Greylisted for 5 minutes". */
const named = /\b(?:in|after|for|wait|within)\s+(\d{1,5})\s*(s|sec|second|m|min|minute|h|hr|hour)s?\b/i;
/** However late an answer came, the next question does not follow at once. */
const breath = minutes(5);
/** Nobody who means a greylist names more than this. */
const longest = hours(24);

/** The wait that the words of a reply name, in ms. */
export function namedWait(words: string): number | undefined {
  const [, count, unit] = named.exec(words) ?? [];
  if (count === undefined || unit === undefined) return undefined;
  const wait = Number(count) * units[unit[0]?.toLowerCase() as keyof typeof units];
  return wait <= longest ? wait : undefined;
}

/** Growing waits: so long before the second try (ms), so many times longer before each next one, so many tries in all. */
export interface Backoff {
  readonly first: number;
  readonly factor: number;
  readonly atMost: number;
}

/** The end of all waiting, in ms. */
const forEver = hours(24 * 366 * 10);

/** A book that asks again as it is told and not by its schedules: whatever a reply names, and so long after each try. */
export function backingOff(book: VerdictBook, { first, factor, atMost }: Backoff): VerdictBook {
  const waits: number[] = [];
  for (let wait = first, sum = first; waits.length < atMost - 1 && sum <= forEver; sum += wait) {
    waits.push(sum);
    wait *= factor;
  }
  const told = { waits, why: 'It was told so.', exact: true } as const;
  const schedules: Record<ScheduleName, Schedule> = { ...book.schedules };
  for (const name of scheduleNames) schedules[name] = told;
  return { ...book, schedules };
}

/**
 * When to ask for the next time, in ms after the first; undefined when it has been asked often enough. `tries` is how often so far.
 * Each wait is stretched by up to a tenth. A wait that the words name goes before the schedule, with a minute on top.
 */
export function nextTry(
  schedule: VerdictBook['schedules'][ScheduleName],
  { tries, waited, words }: { readonly tries: number; readonly waited: number; readonly words: string },
  random: () => number,
): number | undefined {
  const planned = schedule.waits[tries - 1];
  if (planned === undefined) return undefined;
  const step = planned - (schedule.waits[tries - 2] ?? 0);
  if (schedule.exact) return waited + step;
  const wish = namedWait(words);
  const wait = tries === 1 && wish !== undefined ? wish + minutes(1) : planned;
  return Math.max(waited + Math.min(step, breath), wait * (1 + random() / 10));
}
