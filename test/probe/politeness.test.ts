import { EventEmitter, getEventListeners } from 'node:events';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
import type { Dial } from '../../src/probe/environment.ts';
import { politely } from '../../src/probe/politeness.ts';
import { reach } from '../../src/probe/reach.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';

/** Connections that stand for a given time each, and when each dial began. */
function line(clock: VirtualClock, stands: number): { dial: Dial; began: number[]; most: () => number } {
  const began: number[] = [];
  const start = clock.now();
  let open = 0;
  let most = 0;
  const dial: Dial = async () => {
    began.push(clock.now() - start);
    most = Math.max(most, ++open);
    const socket = new EventEmitter() as Socket;
    clock.alarm(stands, () => {
      open--;
      socket.emit('close');
    });
    return socket;
  };
  return { dial, began, most: () => most };
}

const to = (address: string) => ({ address, port: 25 });
const signal = new AbortController().signal;

test('calls at one address keep their distance', async () => {
  const clock = new VirtualClock();
  const { dial, began } = line(clock, 10);
  const polite = politely(dial, clock, { parallel: 9, gap: 1_000 });
  await Promise.all([1, 2, 3].map(() => polite(to('192.0.2.1'), signal)));
  expect(began).toEqual([0, 1_000, 2_000]);
});

test('no more calls at one address stand at once than allowed', async () => {
  const clock = new VirtualClock();
  const { dial, began, most } = line(clock, 60_000);
  const polite = politely(dial, clock, { parallel: 2, gap: 0 });
  await Promise.all([1, 2, 3, 4, 5].map(() => polite(to('192.0.2.1'), signal)));
  expect(most()).toBe(2);
  expect(began).toEqual([0, 0, 60_000, 60_000, 120_000]);
});

test('calls at different addresses do not wait for each other', async () => {
  const clock = new VirtualClock();
  const { dial, began } = line(clock, 60_000);
  const polite = politely(dial, clock, { parallel: 1, gap: 1_000 });
  await Promise.all(['192.0.2.1', '192.0.2.2', '192.0.2.3'].map((address) => polite(to(address), signal)));
  expect(began).toEqual([0, 0, 0]);
});

test('a signal is let go when the call has been made', async () => {
  const clock = new VirtualClock();
  const { dial } = line(clock, 10);
  const polite = politely(dial, clock, { parallel: 1, gap: 0 });
  const { signal: watched } = new AbortController();
  for (let i = 0; i < 12; i++) await polite(to('192.0.2.1'), watched);
  expect(getEventListeners(watched, 'abort')).toEqual([]);
});

test('a call with a signal that has gone off already has no patience', async () => {
  const clock = new VirtualClock();
  const dial: Dial = (_, late) =>
    new Promise((_resolve, reject) => late.addEventListener('abort', () => reject(new Error('too late'))));
  const polite = politely(dial, clock, { parallel: 1, gap: 0 });
  await expect(polite(to('192.0.2.1'), AbortSignal.abort())).rejects.toThrow('too late');
});

test('a call that fails makes room', async () => {
  const clock = new VirtualClock();
  const polite = politely(() => Promise.reject(new Error('no')), clock, { parallel: 1, gap: 0 });
  for (let i = 0; i < 3; i++) await expect(polite(to('192.0.2.1'), signal)).rejects.toThrow('no');
});

test("waiting for one's turn does not count as waiting for the host", async () => {
  const clock = new VirtualClock();
  const { dial, began } = line(clock, 600_000);
  const polite = politely(dial, clock, { parallel: 1, gap: 0 });
  const environment = { clock, dial: polite };
  expect(await reach(environment, to('192.0.2.1'), 30_000)).toBeInstanceOf(EventEmitter);
  expect(await reach(environment, to('192.0.2.1'), 30_000)).toBeInstanceOf(EventEmitter);
  expect(began).toEqual([0, 600_000]);
});

for (const waits of [0, 10_000, 600_000]) {
  test(`a host that does not answer is given up as long after the turn as it would be after the call: ${waits} ms of waiting`, async () => {
    const clock = new VirtualClock();
    const { dial } = line(clock, waits);
    const silent: Dial = (_, late) =>
      new Promise((__, reject) => late.addEventListener('abort', () => reject(late.reason)));
    let calls = 0;
    const polite = politely(
      (...asked) => (calls++ === 0 && waits > 0 ? dial(...asked) : silent(...asked)),
      clock,
      { parallel: 1, gap: 0 },
    );
    const environment = { clock, dial: polite };
    const start = clock.now();
    if (waits > 0) await reach(environment, to('192.0.2.1'), 30_000);
    expect(await reach(environment, to('192.0.2.1'), 30_000)).toMatchObject({
      kind: 'unreachable',
      why: 'timed-out',
    });
    expect(clock.now() - start).toBe(waits + 30_000);
  });
}
