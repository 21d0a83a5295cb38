import { expect, test } from 'vitest';
import { measure } from './walk/measure.ts';
import { refusalsOf } from './walk/refusals.ts';
import { profileOf, shelf } from './shipped-profiles.ts';

test('x', { timeout: 200_000 }, async () => {
  const only = process.env['ONLY']?.split(',');
  for (const name of await shelf.names()) {
    if (only && !only.includes(name)) continue;
    const profile = await profileOf(name);
    if (profile.covers.length === 0) continue;
    const refusals = profile.covers.flatMap(refusalsOf);
    const started = performance.now();
    const reached = await measure(profile, refusals);
    console.log(name, reached.length, refusals.length, Math.round(performance.now() - started));
    if (process.env['SHOW']) for (const r of reached) console.log(`  ${r.refusal.lines[0]?.slice(0, 60)} <- ${r.situation ?? ''}: ${r.client}`);
    const got = new Set(reached.map((r) => r.refusal));
    for (const r of refusals) if (!got.has(r)) console.log(`  MISSING ${r.provider} ${r.stage} ${r.ending} ${r.lines.join(' / ').slice(0, 150)}`);
  }
  expect(1).toBe(1);
});
