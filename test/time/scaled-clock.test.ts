import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { hours, minutes, seconds } from '../../src/time/duration.ts';
import { ScaledClock } from '../../src/time/scaled-clock.ts';

// Node's timers are replaced here, so nothing sleeps.
const epoch = Date.UTC(2026, 0, 5);
beforeEach(() => {
  vi.useFakeTimers({ now: epoch });
});
afterEach(() => {
  vi.useRealTimers();
});

test('at 60 a second is a minute', () => {
  const clock = new ScaledClock(60);
  expect(clock.now()).toBe(epoch);
  vi.advanceTimersByTime(seconds(1));
  expect(clock.now()).toBe(epoch + minutes(1));
  vi.advanceTimersByTime(minutes(1));
  expect(clock.now()).toBe(epoch + hours(1) + minutes(1));
});

test('alarms ring as much earlier', () => {
  const clock = new ScaledClock(60);
  const ring = vi.fn();
  clock.alarm(hours(1), ring);
  vi.advanceTimersByTime(seconds(59));
  expect(ring).not.toHaveBeenCalled();
  vi.advanceTimersByTime(seconds(1));
  expect(ring).toHaveBeenCalledTimes(1);
});

test('sleepers sleep as much shorter, and an alarm can be called off', async () => {
  const clock = new ScaledClock(3_600);
  const ring = vi.fn();
  clock.alarm(hours(1), ring).cancel();
  const slept = clock.sleep(hours(2));
  await vi.advanceTimersByTimeAsync(seconds(2));
  await slept;
  expect(ring).not.toHaveBeenCalled();
});

test('may go slower than the world', () => {
  const clock = new ScaledClock(0.5);
  vi.advanceTimersByTime(seconds(10));
  expect(clock.now()).toBe(epoch + seconds(5));
});

test('after its end nothing rings any more, and no timer is left', () => {
  const end = new AbortController();
  const clock = new ScaledClock(60, end.signal);
  const ring = vi.fn();
  clock.alarm(hours(1), ring);
  end.abort();
  clock.alarm(hours(1), ring);
  expect(vi.getTimerCount()).toBe(0);
  vi.advanceTimersByTime(hours(1));
  expect(ring).not.toHaveBeenCalled();
});
