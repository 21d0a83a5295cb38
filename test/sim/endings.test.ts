import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { catalogue } from '../../src/sim/behaviours/catalogue.ts';
import { hostOverridesSchema, profileSchema } from '../../src/sim/profile.ts';
import { SimulatedHost } from '../../src/sim/simulated-host.ts';
import type { Clock } from '../../src/time/clock.ts';
import { ManualClock } from '../../src/time/manual-clock.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import { type Door, endOf, heldOpen } from './ending-client.ts';
import { doors, type How, recipient, sender, type Way, ways } from './ending-ways.ts';

const profile = profileSchema.parse({
  provider: 'plain',
  title: 'A plain host',
  invented: true,
  accent: { ehlo: ['{host}', 'STARTTLS', 'AUTH PLAIN'] },
  mailboxes: { '*': 'exists' },
});

function startHost(
  door: Door,
  behaviours: readonly Readonly<Record<string, unknown>>[],
  clock: Clock = new RealClock(),
): Promise<SimulatedHost> {
  return SimulatedHost.start({
    name: 'mx.example.net',
    profile,
    overrides: hostOverridesSchema.parse({ behaviours }),
    clock,
    random: seededRandom('endings'),
    implicitTls: door === 'implicit TLS',
  });
}

/** The end as a client sees it, and the code of the last reply before it. */
async function see(
  way: Way,
  how: How,
  door: Door,
): Promise<{ readonly how: string; readonly last?: number }> {
  const byHand = way.lasts === undefined ? undefined : new ManualClock();
  const host = await startHost(door, way.behaviours(how), byHand);
  const held = await Promise.all(
    Array.from({ length: way.connectionsBefore ?? 0 }, () => heldOpen(host.port, door)),
  );
  try {
    const end = await endOf(host.port, door, way.lines, () => byHand?.advance(way.lasts ?? 0));
    const last = end.codes.at(-1);
    return { how: end.how, ...(way.last !== undefined && last !== undefined ? { last: Number(last) } : {}) };
  } finally {
    for (const socket of held) socket.destroy();
    await host.close();
  }
}

describe.each(ways)('$name', (way) => {
  for (const door of way.doors ?? doors) {
    const last = way.last === undefined ? {} : { last: way.last };

    test(`FIN is FIN, ${door}`, async () => {
      expect(await see(way, 'close', door)).toEqual({ how: 'end', ...last });
    });

    test(`RST is RST, ${door}`, async () => {
      expect(await see(way, 'reset', door)).toEqual({ how: 'ECONNRESET', ...last });
    });
  }
});

/** Ends that nobody chose by name. */
describe.each(doors)('%s', (door) => {
  const plainly = async (lines: readonly string[], plan: (host: SimulatedHost) => void = () => {}) => {
    const host = await startHost(door, []);
    plan(host);
    try {
      return (await endOf(host.port, door, lines, () => {})).how;
    } finally {
      await host.close();
    }
  };

  test('QUIT ends in FIN', async () => {
    expect(await plainly(['QUIT'])).toBe('end');
  });

  test('magic recipients', async () => {
    expect(await plainly([...sender, 'RCPT TO:<close@example.net>'])).toBe('end');
    expect(await plainly([...sender, 'RCPT TO:<reset@example.net>'])).toBe('ECONNRESET');
  });

  test.each([
    ['close', 'end'],
    ['reset', 'ECONNRESET'],
  ] as const)('a planned %s', async (kind, how) => {
    const plan = (host: SimulatedHost) => void host.faults.add({ at: 'rcpt', decision: { kind }, times: 1 });
    expect(await plainly(recipient, plan)).toBe(how);
  });

  test('a 421 is followed by FIN, whoever says it', async () => {
    const host = await startHost(door, [{ 'canned-reply': { at: 'rcpt', reply: '421 4.7.0 Later' } }]);
    try {
      expect((await endOf(host.port, door, recipient, () => {})).how).toBe('end');
    } finally {
      await host.close();
    }
  });
});

test('every behaviour that can end a connection is among them', () => {
  const able = catalogue.filter(({ options }) =>
    /"reset"/.test(JSON.stringify(z.toJSONSchema(options, { io: 'input' }))),
  );
  const tried = new Set(
    ways.flatMap((way) => way.behaviours('reset').flatMap((entry) => Object.keys(entry))),
  );
  expect(able.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
});
