import { once } from 'node:events';
import net, { type AddressInfo, type Socket } from 'node:net';
import tls from 'node:tls';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { ZoneResolver } from '../../src/dns/zone-resolver.ts';
import type { Environment } from '../../src/probe/environment.ts';
import { Session } from '../../src/probe/session.ts';
import { nextRound } from '../../src/time/event-loop.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';
import { certificate } from './helpers/certificates.ts';

/** Real work that takes many rounds of I/O, on a side that knows nothing of simulated time. */
async function work(rounds = 50): Promise<void> {
  for (let i = 0; i < rounds; i++) await new Promise<void>(nextRound);
}

const pair = await certificate('mx');

/** A server and a dial that never hold the clock, and whose bytes nobody counts. */
async function unaware(serve: (socket: Socket, clock: VirtualClock) => Promise<void>): Promise<Environment> {
  const clock = new VirtualClock();
  const server = net.createServer({ noDelay: true, allowHalfOpen: true }, (socket) => {
    socket.on('error', () => {});
    void serve(socket, clock);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const dial: Environment['dial'] = async () => {
    const socket = net.connect({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' });
    await once(socket, 'connect');
    await work();
    return socket;
  };
  return { clock, dial, resolver: new ZoneResolver({}, clock), random: seededRandom(1) };
}

const options = { host: 'mx', address: '192.0.2.1', port: 25 } as const;

test('no time passes while a connection is made, a handshake runs, a message is read and a host hangs up', async () => {
  const environment = await unaware(async (raw, clock) => {
    await work();
    const socket = new tls.TLSSocket(raw, { isServer: true, secureContext: tls.createSecureContext(pair) });
    socket.on('error', () => {});
    await once(socket, 'secure');
    socket.write('220 hi\r\n');
    await once(socket, 'data');
    socket.write('354 go\r\n');
    socket.pause();
    await work(400); // by now the client can write no more, and waits
    const release = clock.hold(); // what comes from here on is the host's part, not the client's
    socket.resume();
    for (;;) {
      const [chunk] = (await once(socket, 'data')) as [Buffer];
      if (chunk.subarray(-3).toString() === '.\r\n') break;
    }
    const left = once(socket, 'end');
    socket.on('data', () => {});
    socket.write('250 queued\r\n');
    await work();
    release();
    await left;
    await work();
    socket.end();
  });
  const { clock } = environment;
  const started = clock.now();
  const { session, greeting } = await Session.open(environment, { ...options, tls: 'implicit' });
  expect(greeting).toMatchObject({ kind: 'reply' });
  expect(await session.data()).toMatchObject({ reply: { code: 354 } });
  expect(await session.message('x'.repeat(30 * 1024 * 1024))).toMatchObject({ reply: { code: 250 } });
  await session.disconnect();
  expect(clock.now()).toBe(started);
});

test('a dial that never settles is given up all the same', async () => {
  const environment = await unaware(async () => {});
  const dial: Environment['dial'] = (_, signal) =>
    new Promise((__, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
  const { greeting } = await Session.open(
    { ...environment, dial },
    { ...options, patience: { connect: 7_000 } },
  );
  expect(greeting).toMatchObject({ kind: 'unreachable', why: 'timed-out', elapsed: 7_000 });
});

test('TMO-01 a tarpit against a time-out: the nearer one wins, also when the event loop stalls', async () => {
  const { ScriptedServer } = await import('./helpers/scripted-server.ts');
  for (const [tarpit, patience, kind] of [
    [20_000, 30_000, 'reply'],
    [30_000, 20_000, 'timed-out'],
    [29_999, 30_000, 'reply'],
    [30_001, 30_000, 'timed-out'],
  ] as const) {
    for (let round = 0; round < 10; round++) {
      const server = await ScriptedServer.start(async (peer) => {
        await peer.say('220 hi\r\n');
        await peer.line();
        stall();
        await peer.sleep(tarpit);
        stall();
        await peer.say('250 ok\r\n');
      });
      const { session } = await Session.open(server.environment, options);
      expect(await session.noop(undefined, { patience })).toMatchObject({
        kind,
        elapsed: Math.min(tarpit, patience),
      });
      await session.disconnect('reset');
      await server.close();
    }
  }
});

/** Keeps the event loop busy, as a slow machine would. */
function stall(): void {
  const until = performance.now() + 5;
  while (performance.now() < until);
}
