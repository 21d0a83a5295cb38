import { expect, test } from 'vitest';
import { createPalette } from '../../../src/report/palette.ts';
import { renderPlan } from '../../../src/report/verify/plan.ts';
import { minutes } from '../../../src/time/duration.ts';
import { VirtualClock } from '../../../src/time/virtual-clock.ts';
import { usualLimits } from '../../../src/verify/list/limits.ts';
import { takeCensus } from '../../../src/verify/plan/census.ts';
import { planFor } from '../../../src/verify/plan/plan.ts';

async function shown(
  addresses: readonly string[],
  { columns = 90, wait = minutes(60) } = {},
): Promise<string> {
  const census = await takeCensus(addresses.map((address, key) => ({ key, address })));
  const plan = await planFor(census, { clock: new VirtualClock(), limits: usualLimits });
  const palette = createPalette({ colour: 0, unicode: true });
  return renderPlan('list.txt', plan, { palette, columns, greylist: minutes(6), wait }).join('\n');
}

test('the slowest are shown, the others together', async () => {
  const list = Array.from({ length: 14 }, (_, i) =>
    Array.from({ length: 20 - i }, (_, j) => `user${j}@d${i}.example`),
  ).flat();
  const text = await shown(list);
  expect(text).toMatch(/^ {2}d0\.example +20 +1 +1 +6 +8\.5 s$/m);
  expect(text).toMatch(/^ {2}4 more, together +34 +4 +4 +11 +3\.5 s$/m);
  expect(text).not.toContain('d10.example');
  expect(text).toContain('at least 8.5 s, which d0.example, d1.example decide');
});

test('a list of nothing, and one of which nobody is to be asked', async () => {
  expect(await shown([])).toContain('  0 entries, 0 domains');
  expect(await shown(['no address'])).toMatch(/1 is no address[\s\S]*Nobody is to be asked\./);
});

test('who is put off is told of as it will be', async () => {
  expect(await shown(['a@a.example'])).toContain('where a host puts us off, 6 min more, and 1 h at the most');
  expect(await shown(['a@a.example'], { wait: 0 })).toContain('not asked again (--wait 0)');
});

test('a domain cannot steer the terminal, and a narrow one is enough', async () => {
  const text = await shown(['a@\u202eevil.example', `a@${'x'.repeat(60)}.example`], { columns: 60 });
  expect(text).not.toMatch(/[\u202e\x1b]/);
  expect(text.split('\n').filter((line) => line.length > 70)).toEqual([]);
});
