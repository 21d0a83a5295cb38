import { expect, test } from 'vitest';
import { type ListResult, verifyList } from '../../../src/verify/list/verify-list.ts';
import { startLab } from '../../../src/world/start-lab.ts';
import { type DomainKind, type Inhabitant, inhabitants, isRight, population } from './population.ts';

const asker = { helo: 'probe.verifier.example', sender: 'probe@verifier.example', from: '198.51.100.7' };

test.each(['1', '2'])(
  'of what is stated with 0.95, at least 95 in 100 are right at 150 hosts: seed %s',
  async (seed) => {
    const people = population(150, seed);
    const list = [...inhabitants(people, 900, seed)];
    const lab = await startLab(people.world, { shelf: people.shelf, clock: 'virtual', seed });
    const results: ListResult[] = [];
    for await (const result of verifyList(lab, list, asker)) results.push(result);
    await lab.close();
    const sure = results.filter(({ verification }) => verification.confidence >= 0.95);
    const wrong = sure.filter(
      ({ key, verification }) => !isRight(verification.verdict, list[key] as Inhabitant),
    );
    expect(wrong.length / sure.length).toBeLessThanOrEqual(0.05);
    const surelyOf = (kind: DomainKind): number =>
      sure.filter(({ key }) => list[key]?.kind === kind).length /
      list.filter((one) => one.kind === kind).length;
    const shares = (['strict', 'greylist', 'flaky', 'one-each'] as const).map(
      (kind) => [kind, surelyOf(kind)] as const,
    );
    expect(shares.filter(([, share]) => share < 0.5)).toEqual([]); // and it is not that nothing is stated
  },
  120_000,
);
