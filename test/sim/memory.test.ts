import { expect, test } from 'vitest';
import { Expiry, HostMemory, memorySchema, SlidingWindow } from '../../src/sim/memory.ts';

test('what is remembered can be saved as JSON and taken up by another', () => {
  const memory = new HostMemory();
  memory.table<number>('counts').set('192.0.2.7', 3);
  memory.table<number[]>('times').set('192.0.2.7', [1, 2, 3]);
  memory.table<object>('tuples').set('192.0.2.0 ada bob', { first: 5, passed: 9, allowed: true });
  memory.table('empty');
  const saved = JSON.parse(JSON.stringify(memory));
  expect(saved).toEqual({
    counts: { '192.0.2.7': 3 },
    times: { '192.0.2.7': [1, 2, 3] },
    tuples: { '192.0.2.0 ada bob': { first: 5, passed: 9, allowed: true } },
  });
  const other = new HostMemory();
  other.table<number>('counts').set('198.51.100.1', 1);
  other.load(memorySchema.parse(saved));
  expect(other.toJSON()).toEqual(saved);
});

test('what was saved and what is remembered go their own ways', () => {
  const memory = new HostMemory();
  memory.table<number[]>('times').set('a', [1]);
  const saved = memory.toJSON();
  memory.table<number[]>('times').get('a')?.push(2);
  expect(saved).toEqual({ times: { a: [1] } });
  memory.load(saved);
  memory.table<number[]>('times').get('a')?.push(3);
  expect(saved).toEqual({ times: { a: [1] } });
});

test('reset forgets everything', () => {
  const memory = new HostMemory();
  memory.table<number>('counts').set('a', 1);
  memory.reset();
  expect(memory.toJSON()).toEqual({});
  expect(memory.table('counts').size).toBe(0);
});

test.each([{ a: 1 }, { a: { b: 'text' } }, { a: { b: [['x']] } }, { a: { b: null } }, []])(
  '%j is no memory',
  (saved) => {
    expect(memorySchema.safeParse(saved).success).toBe(false);
  },
);

test('names that mean something to JavaScript mean nothing here', () => {
  const memory = new HostMemory();
  memory.table<number>('__proto__').set('constructor', 1);
  memory.load(memorySchema.parse(JSON.parse(JSON.stringify(memory))));
  expect(({} as { polluted?: unknown }).polluted).toBeUndefined();
  expect(Object.getPrototypeOf({})).toBe(Object.prototype);
});

test('what is so at the moment is neither saved nor reset', () => {
  const memory = new HostMemory();
  memory.present<number>('open').set('a', 1);
  memory.reset();
  expect([memory.toJSON(), memory.present<number>('open').get('a')]).toEqual([{}, 1]);
});

test('a table does not grow for ever: the oldest entries make way', () => {
  const table = new HostMemory().table<number>('counts');
  for (let i = 0; i < 100_001; i++) table.set(`client ${i}`, i);
  expect(table.size).toBe(100_000);
  expect([table.has('client 0'), table.has('client 1')]).toEqual([false, true]);
  table.set('client 1', 7); // one that is there already takes nobody's place
  expect([table.size, table.has('client 2')]).toEqual([100_000, true]);
});

test('nor do its keys, however long clients make them', () => {
  const table = new HostMemory().table<number>('tuples');
  const key = (i: number): string => `${i} `.padEnd(1024 * 1024, 'x');
  for (let i = 0; i < 20; i++) table.set(key(i), i);
  expect([...table.values()]).toEqual([4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19]);
  table.delete(key(4));
  table.set(key(5), 5); // is there already
  table.set(key(20), 20); // takes the place that is free
  expect([...table.values()].slice(0, 2)).toEqual([5, 6]);
  table.clear();
  table.set(key(0), 0);
  expect(table.size).toBe(1);
});

test('what has expired is let go of once there is much of it', () => {
  const table = new Map<string, number>();
  const expiry = new Expiry<number>((until, now) => until <= now);
  let most = 0;
  for (let now = 0; now < 10_000; now++) {
    expiry.look(table, now);
    table.set(`client ${now}`, now + 100);
    most = Math.max(most, table.size);
  }
  expect(most).toBe(1_000);
  for (let i = 0; i < 3_000; i++) table.set(`lasting ${i}`, Number.POSITIVE_INFINITY);
  expiry.look(table, 20_000);
  expect(table.size).toBe(3_000);
});

test('a window counts what lies within it', () => {
  const window = new SlidingWindow(new Map(), 100);
  expect([0, 50, 99].map((now) => window.count('a', now))).toEqual([1, 2, 3]);
  expect(window.count('a', 100)).toBe(3);
  expect(window.count('b', 100)).toBe(1);
  expect(window.count('a', 1_000)).toBe(1);
});

test('a window does not grow for ever', () => {
  const times = new Map<string, number[]>();
  const window = new SlidingWindow(times, 1e9);
  let count = 0;
  for (let i = 0; i < 50_010; i++) count = window.count('a', i);
  expect([count, times.get('a')?.length]).toEqual([50_000, 50_000]);
});

test('a window keeps no more than it has to count', () => {
  const times = new Map<string, number[]>();
  const window = new SlidingWindow(times, 100, 3);
  expect([1, 2, 3, 4, 5].map((now) => window.count('a', now))).toEqual([1, 2, 3, 3, 3]);
  expect(times.get('a')).toEqual([3, 4, 5]);
  expect([103, 205].map((now) => window.count('a', now))).toEqual([3, 1]);
});

test('a window makes nothing of what is no list of times', () => {
  const times = new Map([['a', 5]]) as unknown as Map<string, number[]>;
  expect(new SlidingWindow(times, 100).count('a', 1)).toBe(1);
});
