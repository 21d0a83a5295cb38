import { expect, test } from 'vitest';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { AlarmQueue } from '../../src/time/alarm-queue.ts';

function drain(queue: AlarmQueue): number[] {
  const times: number[] = [];
  for (let alarm = queue.take(); alarm; alarm = queue.take()) times.push(alarm.at);
  return times;
}

test('the earliest comes first, whatever the order of setting', () => {
  const random = seededRandom('queue');
  const times = Array.from({ length: 500 }, () => Math.floor(random() * 100));
  const queue = new AlarmQueue();
  for (const at of times) queue.add(at, () => {});
  expect(drain(queue)).toEqual([...times].sort((a, b) => a - b));
});

test('of two at the same instant the one set first comes first', () => {
  const queue = new AlarmQueue();
  const rung: number[] = [];
  for (let i = 0; i < 50; i++) queue.add(i % 3, () => void rung.push(i));
  for (let alarm = queue.take(); alarm; alarm = queue.take()) alarm.ring?.();
  const set = Array.from({ length: 50 }, (_, i) => i);
  expect(rung).toEqual([0, 1, 2].flatMap((at) => set.filter((i) => i % 3 === at)));
});

test('an alarm that was called off is passed over, first, last or in between', () => {
  const queue = new AlarmQueue();
  const alarms = [5, 1, 3, 2, 4].map((at) => queue.add(at, () => {}));
  for (const off of [1, 3, 5]) {
    const alarm = alarms.find(({ at }) => at === off);
    if (alarm) queue.callOff(alarm);
  }
  expect(queue.peek()?.at).toBe(2);
  expect(drain(queue)).toEqual([2, 4]);
  expect(queue.peek()).toBeUndefined();
  expect(queue.take()).toBeUndefined();
});

test('can be added to while it is emptied', () => {
  const queue = new AlarmQueue();
  queue.add(10, () => {});
  queue.add(30, () => {});
  expect(queue.take()?.at).toBe(10);
  queue.add(20, () => {});
  expect(drain(queue)).toEqual([20, 30]);
});

test('alarms that are called off do not pile up, and the rest keep their order', () => {
  const queue = new AlarmQueue();
  const kept = [7, 3, 5].map((at) => queue.add(at, () => {}));
  for (let i = 0; i < 10_000; i++) queue.callOff(queue.add(1_000 - (i % 900), () => {}));
  expect(queue.size).toBeLessThan(1_000);
  expect(drain(queue)).toEqual(kept.map(({ at }) => at).sort((a, b) => a - b));
});
