import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hours, seconds } from '../../src/time/duration.ts';
import { RealClock } from '../../src/time/real-clock.ts';

// Node's timers are replaced here, so nothing sleeps.
beforeEach(() => {
  vi.useFakeTimers({ now: Date.UTC(2026, 0, 5) });
});
afterEach(() => {
  vi.useRealTimers();
});

const clock = new RealClock();

/** Past this many ms setTimeout fires at once. */
const longest = 2 ** 31 - 1;

test("tells the world's time", () => {
  expect(clock.now()).toBe(Date.UTC(2026, 0, 5));
});

test('rings when it is time, once, and not before', () => {
  const ring = vi.fn();
  clock.alarm(seconds(5), ring);
  vi.advanceTimersByTime(seconds(5) - 1);
  expect(ring).not.toHaveBeenCalled();
  vi.advanceTimersByTime(1);
  vi.advanceTimersByTime(hours(1));
  expect(ring).toHaveBeenCalledTimes(1);
});

test.each([longest, longest + 1, 3 * longest + 5])(
  'an alarm in %d ms, beyond the reach of setTimeout, rings then',
  (delay) => {
    const ring = vi.fn();
    clock.alarm(delay, ring);
    vi.advanceTimersByTime(delay - 1);
    expect(ring).not.toHaveBeenCalled();
    vi.advanceTimersByTime(1);
    expect(ring).toHaveBeenCalledTimes(1);
  },
);

test('an alarm can be called off, also in its second leg', () => {
  const ring = vi.fn();
  clock.alarm(seconds(1), ring).cancel();
  const long = clock.alarm(longest + seconds(5), ring);
  vi.advanceTimersByTime(longest + 1);
  long.cancel();
  vi.advanceTimersByTime(seconds(10));
  expect(ring).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test('sleeps until then', async () => {
  let awake = false;
  const slept = clock.sleep(seconds(5)).then(() => {
    awake = true;
  });
  await vi.advanceTimersByTimeAsync(seconds(5) - 1);
  expect(awake).toBe(false);
  await vi.advanceTimersByTimeAsync(1);
  await slept;
  expect(awake).toBe(true);
});

test('cannot be held', () => {
  const ring = vi.fn();
  const release = clock.hold();
  clock.alarm(1, ring);
  vi.advanceTimersByTime(1);
  expect(ring).toHaveBeenCalledTimes(1);
  release();
});

test('after its end nothing rings any more, and no timer is left', () => {
  const ring = vi.fn();
  const end = new AbortController();
  const ending = new RealClock(end.signal);
  ending.alarm(seconds(1), ring);
  ending.alarm(longest + seconds(1), ring);
  vi.advanceTimersByTime(seconds(1));
  expect(ring).toHaveBeenCalledTimes(1);
  end.abort();
  ending.alarm(seconds(1), ring).cancel();
  ending.alarm(seconds(1), ring);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(2 * longest);
  expect(ring).toHaveBeenCalledTimes(1);
});
