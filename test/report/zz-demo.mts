import { loadKnowledge } from '/work/main/src/knowledge/knowledge.ts';
import { createReporter } from '/work/main/src/report/reporters.ts';
import * as stories from '/work/main/test/report/stories.ts';
const knowledge = await loadKnowledge();
const [,, name='terminal', columns='80', colour='0', detail='examples'] = process.argv;
const r = createReporter(name, { write: (t: string) => void process.stdout.write(t), knowledge, columns: Number(columns), colour: Number(colour) as 0, unicode: process.env.ASCII === undefined, isTerminal: false, detail: detail as 'full' });
const told = [stories.passed(), stories.failed('scenarios/outlook/failed.yaml'), stories.waited(), stories.ended(), stories.hostile()];
r.onRunStart?.({ scenarios: told.length, files: told.length, seed: '1' });
for (const t of told) { r.onScenarioStart?.(t.scenario); for (const s of t.steps) r.onStepEnd?.(s, t.scenario); r.onScenarioEnd?.(t.result()); }
await r.onRunEnd?.({ passed: 3, failed: 2, defects: 0, notRun: 1, simulated: 26*3600e3+10*60e3, real: 1400 });
