import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { connect, createServer, type Socket } from 'node:net';
import { describe, expect, test } from 'vitest';
import { holding } from '../../src/time/clock.ts';
import { hours, minutes, seconds } from '../../src/time/duration.ts';
import { labEpoch, VirtualClock } from '../../src/time/virtual-clock.ts';

/** A number of rounds of the event loop, without any clock. */
async function rounds(count: number): Promise<void> {
  for (let i = 0; i < count; i++) await new Promise(setImmediate);
}

describe('simulated time', () => {
  test('begins on a Monday morning, the same on every run', () => {
    expect(new Date(new VirtualClock().now()).toISOString()).toBe('2026-01-05T09:00:00.000Z');
    expect(new VirtualClock(5).now()).toBe(5);
  });

  test('jumps to the nearer deadline', async () => {
    const clock = new VirtualClock();
    const tarpit = clock.sleep(seconds(30)).then(() => 'answered');
    const patience = clock.sleep(seconds(20)).then(() => 'timed out');
    expect(await Promise.race([tarpit, patience])).toBe('timed out');
    expect(clock.now() - labEpoch).toBe(seconds(20));
    await tarpit;
    expect(clock.now() - labEpoch).toBe(seconds(30));
  });

  test('rings alarms of one instant in the order they were set', async () => {
    const clock = new VirtualClock();
    const rung: string[] = [];
    clock.alarm(10, () => rung.push('first'));
    clock.alarm(5, () => rung.push('earlier'));
    clock.alarm(10, () => rung.push('second'));
    await clock.sleep(10);
    expect(rung).toEqual(['earlier', 'first', 'second']);
  });

  test('passes a whole day of waiting one after the other', async () => {
    const clock = new VirtualClock();
    for (let i = 0; i < 24; i++) await clock.sleep(hours(1));
    expect(clock.now() - labEpoch).toBe(hours(24));
  });

  test('never runs backwards: a delay below nothing is none', async () => {
    const clock = new VirtualClock();
    await clock.sleep(-5);
    expect(clock.now()).toBe(labEpoch);
  });

  test('an alarm called off does not ring, nor does time go there', async () => {
    const clock = new VirtualClock();
    let rung = false;
    const alarm = clock.alarm(seconds(5), () => {
      rung = true;
    });
    alarm.cancel();
    await rounds(10);
    expect([rung, clock.now()]).toEqual([false, labEpoch]);
    await clock.sleep(seconds(9));
    expect([rung, clock.now() - labEpoch]).toEqual([false, seconds(9)]);
  });
});

describe('simulated time stands still', () => {
  test('while somebody holds it', async () => {
    const clock = new VirtualClock();
    const release = clock.hold();
    let rung = false;
    const slept = clock.sleep(1).then(() => {
      rung = true;
    });
    await rounds(50);
    expect([rung, clock.now()]).toEqual([false, labEpoch]);
    release();
    await slept;
    expect(clock.now() - labEpoch).toBe(1);
  });

  test('until the last of several holders lets go, each counted once', async () => {
    const clock = new VirtualClock();
    const [one, two] = [clock.hold(), clock.hold()];
    const slept = clock.sleep(1);
    one();
    one();
    await rounds(50);
    expect(clock.now()).toBe(labEpoch);
    two();
    await slept;
  });

  test('during work that is held, also when the work fails', async () => {
    const clock = new VirtualClock();
    const slept = clock.sleep(1);
    const work = holding(clock, async () => {
      await rounds(20);
      expect(clock.now()).toBe(labEpoch);
      throw new Error('failed');
    });
    await expect(work).rejects.toThrow('failed');
    await slept;
    expect(clock.now() - labEpoch).toBe(1);
  });

  test('while bytes are on their way', async () => {
    const clock = new VirtualClock();
    let bytes = 10;
    const undo = clock.watchWire(() => bytes);
    const slept = clock.sleep(1);
    await rounds(100);
    expect(clock.now()).toBe(labEpoch);
    bytes = 0;
    await slept;
    undo();
  });

  test('but not for ever for bytes that nobody reads', async () => {
    const clock = new VirtualClock();
    clock.watchWire(() => 10);
    await clock.sleep(1);
    expect(clock.now() - labEpoch).toBe(1);
  });

  test('no longer for a wire that was taken away', async () => {
    const clock = new VirtualClock();
    clock.watchWire(() => 10)();
    const waited = clock.sleep(1);
    await rounds(10);
    expect(clock.now() - labEpoch).toBe(1);
    await waited;
  });
});

describe('simulated time moved by hand', () => {
  test('rings what is due on the way, each at its own instant', () => {
    const clock = new VirtualClock(0);
    const rung: number[] = [];
    for (const delay of [30, 10, 50]) clock.alarm(delay, () => rung.push(clock.now()));
    clock.alarm(20, () => clock.alarm(15, () => rung.push(-clock.now())));
    clock.advance(40);
    expect(rung).toEqual([10, 30, -35]);
    expect(clock.now()).toBe(40);
  });
});

describe('simulated time over real sockets', () => {
  /** A host that answers each line after `delay` of simulated time, held while it works, and a client with patience. */
  async function dialogue(
    delay: number,
    patience: number,
    stall: number,
  ): Promise<{ outcome: string; at: number }> {
    const clock = new VirtualClock();
    const wires = { sent: 0, read: 0 };
    clock.watchWire(() => wires.sent - wires.read);
    const send = (socket: Socket, text: string): void => {
      wires.sent += text.length;
      socket.write(text);
    };
    const server = createServer((socket) => {
      socket.on('data', async (chunk) => {
        wires.read += chunk.length;
        busy(stall);
        await clock.sleep(delay);
        await holding(clock, async () => {
          await rounds(3);
          send(socket, '250 OK\r\n');
        });
      });
    });
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
    await holding(clock, () => once(client, 'connect'));
    const reply = once(client, 'data').then(([chunk]) => {
      wires.read += chunk.length;
      return 'reply';
    });
    send(client, 'NOOP\r\n');
    busy(stall);
    const outcome = await Promise.race([reply, clock.sleep(patience).then(() => 'timeout')]);
    const at = clock.now() - labEpoch;
    client.destroy();
    await new Promise((resolve) => server.close(resolve));
    return { outcome, at };
  }

  /** Keeps the event loop from turning, as a heavy computation would. */
  function busy(ms: number): void {
    for (const until = performance.now() + ms; performance.now() < until; );
  }

  test.each([0, 15])(
    'a tarpit within the patience never looks like silence (event loop stalled for %d ms)',
    async (stall) => {
      for (let run = 0; run < 20; run++) {
        expect(await dialogue(minutes(4), minutes(5), stall)).toEqual({ outcome: 'reply', at: minutes(4) });
      }
    },
  );

  test.each([0, 15])('a tarpit beyond it always does (event loop stalled for %d ms)', async (stall) => {
    for (let run = 0; run < 20; run++) {
      expect(await dialogue(minutes(5), minutes(4), stall)).toEqual({ outcome: 'timeout', at: minutes(4) });
    }
  });

  test('work without any simulated wait takes no simulated time', async () => {
    expect(await dialogue(0, 1, 15)).toEqual({ outcome: 'reply', at: 0 });
  });
});
