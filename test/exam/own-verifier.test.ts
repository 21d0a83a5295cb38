import { expect, test } from 'vitest';
import { areCases, loadCases } from '../../src/exam/load-cases.ts';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { ProviderShelf } from '../../src/sim/load-profiles.ts';
import { verifyAddress } from '../../src/verify/verify-address.ts';
import { startWorld } from '../../src/world/start-lab.ts';
import { worldOf } from '../../src/world/world.ts';

const read = await loadCases();
const cases = areCases(read) ? read : [];
const shelf = new ProviderShelf();
const seeds = Array.from({ length: 20 }, (_, i) => `${i + 1}`);

test('the cases can be read, and there are enough of them', () => {
  expect(areCases(read) ? [] : read).toEqual([]);
  expect(cases.length).toBeGreaterThanOrEqual(40);
});

for (const one of cases) {
  for (const { address, verdict } of one.ask) {
    test(`${one.name}: ${address} is ${verdict.join(' or ')}, whatever the seed`, async () => {
      const knowledge = await loadKnowledge();
      const found = new Set<string>();
      for (const seed of seeds) {
        const lab = await startWorld(worldOf({ world: one.exam, ...one }), { clock: 'virtual', seed, shelf });
        const asker = {
          helo: 'probe.verifier.example',
          sender: 'probe@verifier.example',
          from: '198.51.100.7',
        };
        const result = await verifyAddress(lab, address, { ...asker, knowledge });
        found.add(result.verdict);
        await lab.close();
      }
      expect(verdict).toEqual(expect.arrayContaining([...found]));
    });
  }
}
