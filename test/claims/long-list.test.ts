import { afterAll, beforeAll, expect, test } from 'vitest';
import { usualLimits } from '../../src/verify/list/limits.ts';
import { type ListResult, verifyList } from '../../src/verify/list/verify-list.ts';
import type { RunningLab } from '../../src/world/running-lab.ts';
import { startLab } from '../../src/world/start-lab.ts';
import { LimitWitness } from '../verify/list/limit-witness.ts';
import { type Inhabitant, inhabitants, isRight, population } from '../verify/list/population.ts';

const asker = { helo: 'probe.verifier.example', sender: 'probe@verifier.example', from: '198.51.100.7' };
const addresses = 2_000;
const people = population(50, 'long list');
const list: readonly Inhabitant[] = [...inhabitants(people, addresses, 'long list')];
const witness = new LimitWitness(usualLimits);
const results: ListResult[] = [];
let lab: RunningLab;

beforeAll(async () => {
  lab = await startLab(people.world, { clock: 'virtual', shelf: people.shelf });
  lab.listen(witness);
  for await (const result of verifyList(lab, list, asker)) results.push(result);
}, 180_000);

afterAll(() => lab.close());

test('every address of a long list is answered exactly once', () => {
  expect(results.map(({ key }) => key).sort((a, b) => a - b)).toEqual(list.map(({ key }) => key));
});

test('no host ever sees more than its limits, and none is sent a message', () => {
  expect(witness.exceeded).toEqual([]);
  expect(witness.messages).toBe(0);
  expect(witness.most.parallel).toBe(usualLimits.parallel); // they are made use of, too
  expect(witness.most.perTransaction).toBe(usualLimits.perTransaction);
  expect(witness.recipients).toBeGreaterThan(addresses);
});

test('connections are shared: there are far fewer of them than addresses', () => {
  expect(witness.connections).toBeLessThan(addresses / 2);
});

test('stated confidence of 0.95 is right at least 95 times in 100', () => {
  const sure = results.filter(({ verification }) => verification.confidence >= 0.95);
  const right = sure.filter(({ key, verification: { verdict } }) =>
    isRight(verdict, list[key] as Inhabitant),
  );
  expect(sure.length).toBeGreaterThan(addresses / 2);
  expect(right.length / sure.length).toBeGreaterThanOrEqual(0.95);
});
