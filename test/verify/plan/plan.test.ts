import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Zone } from '../../../src/dns/zone.ts';
import { ZoneResolver } from '../../../src/dns/zone-resolver.ts';
import { VirtualClock } from '../../../src/time/virtual-clock.ts';
import { usualLimits } from '../../../src/verify/list/limits.ts';
import { type ListEntry, verifyList } from '../../../src/verify/list/verify-list.ts';
import { takeCensus } from '../../../src/verify/plan/census.ts';
import { Frequent } from '../../../src/verify/plan/frequent.ts';
import { planFor } from '../../../src/verify/plan/plan.ts';
import { Sample } from '../../../src/verify/plan/sample.ts';
import { startLab } from '../../../src/world/start-lab.ts';

const world = fileURLToPath(new URL('../../../fixtures/worlds/preflight.yaml', import.meta.url));

const entries = (addresses: readonly string[]): ListEntry[] =>
  addresses.map((address, key) => ({ key, address }));
const at = (count: number, domain: string): string[] =>
  Array.from({ length: count }, (_, i) => `user${i}@${domain}`);

const mx = (exchange: string) => ({ mx: [{ preference: 10, exchange }] });
const zone: Zone = {
  'a.example': mx('mx1.google.example'),
  'b.example': mx('mx2.google.example'),
  'c.example': {
    mx: [
      { preference: 20, exchange: 'z.backup.example' },
      { preference: 5, exchange: 'mx.own.example' },
    ],
  },
  'self.example': { a: ['192.0.2.1'] },
  'null.example': { mx: [{ preference: 0, exchange: '' }] },
  'text.example': { txt: ['x'] },
  'broken.example': { fails: 'servfail' },
};

test('what is in a list: entries, faults, repetitions, domains', async () => {
  const list = [
    'a@a.example',
    'A@A.EXAMPLE',
    'a@A.example',
    'no address',
    '',
    'b@b.example',
    'ö@ö.example',
    'x@[192.0.2.1]',
  ];
  expect(await takeCensus(entries(list))).toEqual({
    entries: 8,
    faults: 2,
    repeated: { value: 1, exact: true }, // A and a are two mailboxes: RFC 5321 2.4
    domains: { value: 4, exact: true },
    shares: expect.arrayContaining([{ domain: 'a.example', addresses: 3, standsFor: 1 }]),
  });
});

test('operators share what is behind the same exchangers; who takes no mail costs nothing', async () => {
  const clock = new VirtualClock();
  const list = [
    ...at(100, 'a.example'),
    ...at(20, 'b.example'),
    ...at(3, 'c.example'),
    ...[
      'x@self.example',
      'x@null.example',
      'y@null.example',
      'x@nowhere.example',
      'x@text.example',
      'x@broken.example',
    ],
  ];
  const plan = await planFor(await takeCensus(entries(list)), {
    resolver: new ZoneResolver(zone, clock),
    clock,
    limits: usualLimits,
  });
  expect(plan.operators.map(({ name, addresses, domains }) => [name, addresses, domains])).toEqual([
    ['google.example', 120, 2],
    ['own.example', 3, 1],
    ['broken.example', 1, 1],
    ['self.example', 1, 1],
  ]);
  expect(plan.operators[0]).toEqual({
    name: 'google.example',
    domain: 'a.example',
    domains: 2,
    addresses: 120,
    controls: 2,
    connections: 4, // 122 recipients, 40 in each
    transactions: 26 + 6, // 101 and 21, 4 in each, none of two domains
    leastTime: 59_000, // the first 4 at once, the others 2 a second
  });
  expect(plan.lookedUp).toEqual({
    domains: 8,
    withoutHost: { domains: { value: 3, exact: true }, addresses: { value: 4, exact: true } },
    unknown: { value: 1, exact: true },
  });
  expect(plan.totals).toMatchObject({ addresses: 125, controls: 5, leastTime: 59_000 });
});

test('without a resolver nobody is asked, and each domain counts for itself', async () => {
  const plan = await planFor(await takeCensus(entries(['x@a.example', 'x@b.example'])), {
    clock: new VirtualClock(),
    limits: usualLimits,
  });
  expect(plan.operators.map(({ name }) => name)).toEqual(['a.example', 'b.example']);
  expect(plan).not.toHaveProperty('lookedUp');
});

test('no run costs less than its plan says', async () => {
  const lab = await startLab(world, { clock: 'virtual', seed: 7 });
  try {
    const list = entries([
      ...at(150, 'strict.example'),
      ...at(30, 'strict-too.example'),
      ...at(20, 'grey.example'),
    ]);
    const limits = { ...usualLimits, perSecond: 5 };
    const plan = await planFor(await takeCensus(list), { resolver: lab.resolver, clock: lab.clock, limits });
    const began = lab.clock.now();
    for await (const { key } of verifyList(lab, list, {
      helo: 'probe.verifier.example',
      sender: '',
      manners: limits,
      wait: 0,
    }))
      expect(key).toBeGreaterThanOrEqual(0);
    const said = lab.dialogues.flatMap(({ events }) =>
      events.flatMap((event) => (event.kind === 'sent' ? event.lines : [])),
    );
    const count = (verb: string): number => said.filter((line) => line.startsWith(verb)).length;
    expect(lab.clock.now() - began).toBeGreaterThanOrEqual(plan.totals.leastTime);
    expect(count('RCPT')).toBeGreaterThanOrEqual(plan.totals.addresses + plan.totals.controls);
    expect(count('MAIL')).toBeGreaterThanOrEqual(plan.totals.transactions);
    expect(lab.dialogues.length).toBeGreaterThanOrEqual(plan.totals.connections);
    expect(count('RCPT')).toBeLessThanOrEqual(2 * (plan.totals.addresses + plan.totals.controls)); // and it is no idle bound
  } finally {
    await lab.close();
  }
});

test('a sample counts what it keeps exactly, and tells how much that stands for', () => {
  const sample = new Sample(1_000);
  const kinds = 50_000;
  for (let i = 0; i < kinds * 3; i++) sample.add(`name${i % kinds}.example`, 'name');
  expect(sample.counts.size).toBeLessThanOrEqual(1_000);
  expect(new Set(sample.counts.values())).toEqual(new Set([3]));
  expect(sample.kinds / kinds).toBeGreaterThan(0.8);
  expect(sample.kinds / kinds).toBeLessThan(1.2);
});

test('the frequent ones are found among any number of others', () => {
  const frequent = new Frequent(50);
  for (let i = 0; i < 100_000; i++) frequent.add(i % 5 === 0 ? 'large.example' : `small${i}.example`);
  expect(frequent.counts.size).toBeLessThanOrEqual(50);
  const found = frequent.counts.get('large.example') ?? 0;
  expect(found).toBeLessThanOrEqual(20_000);
  expect(found + frequent.slack).toBeGreaterThanOrEqual(20_000);
});

function* many(count: number): Generator<ListEntry> {
  for (let i = 0; i < count; i++) {
    const domain = i % 10 < 4 ? 'large.example' : i % 10 < 6 ? 'next.example' : `d${i % 20_000}.example`;
    yield { key: i, address: `user${i % (count / 2)}@${domain}` };
  }
}

test('a list too long to count is judged by a sample of its domains', async () => {
  const count = 400_000;
  const census = await takeCensus(many(count));
  expect(census.domains.exact).toBe(false);
  expect(census.shares.length).toBeLessThan(4_100);
  expect(census.domains.value / 8_002).toBeGreaterThan(0.9);
  expect(census.domains.value / 8_002).toBeLessThan(1.1);
  expect(Math.abs(census.repeated.value - count / 2)).toBeLessThan(count / 50);
  const plan = await planFor(census, { clock: new VirtualClock(), limits: usualLimits });
  expect(plan.operators.slice(0, 2).map(({ name }) => name)).toEqual(['large.example', 'next.example']);
  expect((plan.operators[0]?.addresses ?? 0) / (count * 0.4)).toBeCloseTo(1, 2);
  expect(plan.totals.addresses / count).toBeCloseTo(1, 2);
});
