import { expect, test } from 'vitest';
import { hours, minutes, seconds } from '../../src/time/duration.ts';
import { ManualClock } from '../../src/time/manual-clock.ts';

test('stands still until it is moved on', () => {
  const clock = new ManualClock(1_000);
  clock.advance(0);
  expect(clock.now()).toBe(1_000);
  clock.advance(minutes(5));
  expect(clock.now()).toBe(1_000 + minutes(5));
});

test('alarms ring in order on the way, and see the time they were set for', () => {
  const clock = new ManualClock(0);
  const rung: [string, number][] = [];
  const note = (name: string) => () => void rung.push([name, clock.now()]);
  clock.alarm(seconds(30), note('late'));
  clock.alarm(seconds(10), note('early'));
  clock.alarm(seconds(10), note('early too'));
  clock.alarm(hours(1), note('never'));
  clock.advance(minutes(1));
  expect(rung).toEqual([
    ['early', seconds(10)],
    ['early too', seconds(10)],
    ['late', seconds(30)],
  ]);
});

test('an alarm that is set by another rings in the same stride where it is due', () => {
  const clock = new ManualClock(0);
  const rung: number[] = [];
  clock.alarm(seconds(10), () => clock.alarm(seconds(20), () => rung.push(clock.now())));
  clock.advance(seconds(29));
  expect(rung).toEqual([]);
  clock.advance(seconds(1));
  expect(rung).toEqual([seconds(30)]);
});

test('an alarm can be called off', () => {
  const clock = new ManualClock(0);
  let rung = false;
  clock
    .alarm(seconds(1), () => {
      rung = true;
    })
    .cancel();
  clock.advance(hours(1));
  expect(rung).toBe(false);
});

test('a time that has gone by rings at the next stride, not at once', () => {
  const clock = new ManualClock(0);
  let rung = false;
  clock.alarm(-5, () => {
    rung = true;
  });
  expect(rung).toBe(false);
  clock.advance(0);
  expect(rung).toBe(true);
});

test('sleepers wake when it is time', async () => {
  const clock = new ManualClock();
  const woken: string[] = [];
  const slept = clock.sleep(seconds(5)).then(() => woken.push('up'));
  clock.advance(seconds(4));
  await Promise.resolve();
  expect(woken).toEqual([]);
  clock.advance(seconds(1));
  await slept;
  expect(woken).toEqual(['up']);
});

test('holding it and bytes under way mean nothing to it', () => {
  const clock = new ManualClock(0);
  clock.hold();
  clock.watchWire();
  clock.advance(5);
  expect(clock.now()).toBe(5);
});
