import net, { type AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { ZoneResolver } from '../../src/dns/zone-resolver.ts';
import type { Environment } from '../../src/probe/environment.ts';
import { isLoopback, liveDial, NotLiveError, NotOursError } from '../../src/probe/live-dial.ts';
import { Session } from '../../src/probe/session.ts';
import { nextRound } from '../../src/time/event-loop.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';
import { serve } from './helpers/at-host.ts';
import { certificate } from './helpers/certificates.ts';

const never = new AbortController().signal;

for (const host of ['127.0.0.1', '127.8.9.10', '::1', 'localhost', 'LOCALHOST.', '::ffff:127.0.0.1']) {
  test(`${host} is this machine`, () => expect(isLoopback(host)).toBe(true));
}

for (const host of [
  '192.0.2.1',
  '128.0.0.1',
  '0.0.0.0',
  '::',
  '2001:db8::1',
  '127.0.0.1.example.net',
  '127.0.0.999',
  'localhost.example.net',
  '::ffff:192.0.2.1',
  '',
]) {
  test(`${JSON.stringify(host)} is not`, async () => {
    expect(isLoopback(host)).toBe(false);
    const dial = liveDial({ clock: new RealClock() });
    const failure = await dial({ address: host, port: 25 }, never).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(NotLiveError);
    expect((failure as Error).message).toMatch(/--live/);
  });
}

test('a refusal to leave this machine is no ending: it is passed on', async () => {
  const clock = new RealClock();
  const environment = {
    clock,
    dial: liveDial({ clock }),
    resolver: new ZoneResolver({}, clock),
    random: seededRandom(1),
  };
  await expect(Session.open(environment, { host: 'mx', address: '192.0.2.1', port: 25 })).rejects.toThrow(
    NotLiveError,
  );
});

test('it connects, without delay, from the address asked for', async () => {
  const { port } = await serve({});
  const dial = liveDial({ clock: new RealClock() });
  const socket = await dial({ address: '127.0.0.1', port, from: '127.0.0.2' }, never);
  onTestFinished(() => void socket.destroy());
  expect(socket.localAddress).toBe('127.0.0.2');
  expect(socket.listenerCount('error')).toBe(0);
});

test('a port that nobody listens at refuses', async () => {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  await expect(
    liveDial({ clock: new RealClock() })({ address: '127.0.0.1', port }, never),
  ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('an address that is not ours cannot be come from', async () => {
  await expect(
    liveDial({ clock: new RealClock() })({ address: '127.0.0.1', port: 1, from: '198.51.100.7' }, never),
  ).rejects.toThrow(NotOursError);
});

test('it gives up when told to', async () => {
  const { port } = await serve({});
  const dial = liveDial({ clock: new VirtualClock() });
  await expect(dial({ address: '127.0.0.1', port }, AbortSignal.abort())).rejects.toMatchObject({
    name: 'AbortError',
  });
  const late = new AbortController();
  const dialled = dial({ address: '127.0.0.1', port }, late.signal);
  late.abort();
  await expect(dialled).rejects.toMatchObject({ name: 'AbortError' });
});

/** Real sessions over a real dial. */
function world(): Environment {
  const clock = new RealClock();
  return { clock, dial: liveDial({ clock }), resolver: new ZoneResolver({}, clock), random: seededRandom(1) };
}

test('sessions that share the memory they are read into do not hear each other', async () => {
  const { port } = await serve({ on: { NOOP: (peer, line) => peer.say(`250 ${line.slice(5)}\r\n`) } });
  const environment = world();
  const said = await Promise.all(
    Array.from({ length: 20 }, async (_, i) => {
      const { session } = await Session.open(environment, { host: 'mx', address: '127.0.0.1', port });
      const got = [];
      for (let n = 0; n < 20; n++) got.push(await session.noop(`${i} ${n}`));
      await session.disconnect();
      return got.map((one) => one.kind === 'reply' && one.reply.lines[0]);
    }),
  );
  expect(said).toEqual(
    Array.from({ length: 20 }, (_, i) => Array.from({ length: 20 }, (__, n) => `${i} ${n}`)),
  );
});

test('what comes before anybody listens is kept', async () => {
  const { port } = await serve({});
  const environment = world();
  const dial: Environment['dial'] = async (to, signal) => {
    const socket = await environment.dial(to, signal);
    for (let i = 0; i < 50; i++) await new Promise<void>(nextRound);
    expect(socket.bytesRead).toBeGreaterThan(0);
    return socket;
  };
  const options = { host: 'mx', address: '127.0.0.1', port };
  const { session, greeting } = await Session.open({ ...environment, dial }, options);
  expect(greeting).toMatchObject({ kind: 'reply', reply: { raw: ['220 mx.example.net ESMTP'] } });
  expect(await session.ehlo('probe.example.net')).toMatchObject({ kind: 'reply' });
  await session.disconnect();
});

test('TLS goes over it, at once and after STARTTLS', async () => {
  const pair = await certificate('mx.example.net');
  const starting = await serve({ offers: ['STARTTLS'], pair });
  const options = { host: 'mx.example.net', address: '127.0.0.1', ca: pair.cert } as const;
  const { session } = await Session.open(world(), { ...options, port: starting.port });
  await session.ehlo('probe.example.net');
  expect(await session.starttls()).toMatchObject({ kind: 'reply' });
  expect(await session.ehlo('probe.example.net')).toMatchObject({ kind: 'reply' });
  expect(session.tls).toMatchObject({ trusted: true });
  await session.quit();
  await session.disconnect();
  const implicit = await serve({}, { implicit: pair });
  const { session: other, greeting } = await Session.open(world(), {
    ...options,
    port: implicit.port,
    tls: 'implicit',
  });
  expect(greeting).toMatchObject({ kind: 'reply' });
  await other.disconnect('reset');
});

test('FIN and RST are what they are', async () => {
  for (const how of ['fin', 'rst'] as const) {
    const { port } = await serve({ on: { NOOP: (peer) => peer[how]() } });
    const { session } = await Session.open(world(), { host: 'mx', address: '127.0.0.1', port });
    expect(await session.noop()).toMatchObject({
      kind: 'disconnected',
      how: how === 'fin' ? 'closed' : 'reset',
    });
  }
});
