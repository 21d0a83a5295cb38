import { expect, test } from 'vitest';
import { minutes } from '../../src/time/duration.ts';
import { backingOff, nextTry } from '../../src/verify/retrying.ts';
import { loadVerdicts } from '../../src/verify/rules.ts';
import { scheduleNames } from '../../src/verify/vocabulary.ts';

const book = await loadVerdicts();
const halfway = (): number => 0.5;

/** When the second, third and further tries come, each of them taking so long. */
function tries(schedule: (typeof book)['schedules']['greylist'], words = '', takes = 0): number[] {
  const at: number[] = [];
  for (let waited = takes; at.length < 50; ) {
    const next = nextTry(schedule, { tries: at.length + 1, waited, words }, halfway);
    if (next === undefined) break;
    at.push(next);
    waited = next + takes;
  }
  return at;
}

test('a backoff takes the place of every schedule, and is not stretched', () => {
  const { schedules, rules } = backingOff(book, { first: 60_000, factor: 2, atMost: 5 });
  expect(rules).toBe(book.rules);
  for (const name of scheduleNames)
    expect(tries(schedules[name], 'try again in 900 seconds')).toEqual([1, 3, 7, 15].map(minutes));
});

test('each wait begins when the try before it has ended', () => {
  const { schedules } = backingOff(book, { first: minutes(1), factor: 1, atMost: 4 });
  expect(tries(schedules.outage, '', minutes(5))).toEqual([6, 12, 18].map(minutes));
});

test('one try is one try, and nobody waits for ever', () => {
  expect(tries(backingOff(book, { first: 1, factor: 1, atMost: 1 }).schedules.greylist)).toEqual([]);
  const long = backingOff(book, { first: minutes(60), factor: 10, atMost: 1_000 }).schedules.greylist;
  expect(long.waits.length).toBeLessThan(10);
  expect(long.waits.every(Number.isFinite)).toBe(true);
});

test('a wait that the reply names goes before the schedule, once', () => {
  const [first, second] = tries(book.schedules.greylist, 'Greylisted for 10 minutes');
  expect(first).toBe(minutes(11) * 1.05);
  expect(second).toBe((book.schedules.greylist.waits[1] ?? 0) * 1.05);
});
