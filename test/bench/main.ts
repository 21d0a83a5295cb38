import { existsSync } from 'node:fs';
import { formatDuration } from '../../src/time/duration.ts';
import { measureExplain } from './explain.ts';
import { measureGreylist } from './greylist.ts';
import { measureHosts, measureOverhead } from './hosts.ts';
import { type Measure, printMeasure } from './measure.ts';
import { measureProbe } from './probe.ts';
import { postfixTools } from './processes.ts';
import { measureCrowd, measureIdle, measureMany, measureSoak } from './scale.ts';
import { measureStartUp } from './start-up.ts';

const beside = (measure: () => Promise<readonly Measure[]>) => async (): Promise<string[]> =>
  (await measure()).map(printMeasure);

/** What is measured, by the name that asks for it: `npm run bench -- overhead`. */
const parts: Readonly<Record<string, () => Promise<readonly string[]>>> = {
  probe: beside(measureProbe),
  greylist: async () => {
    const { real, simulated, letIn, tries } = await measureGreylist();
    return [
      `${real < 2_000 ? 'ok ' : 'LOW'} 200 greylisted addresses, ${letIn} let in after ${tries} tries and ${formatDuration(simulated)} simulated: ${(real / 1_000).toFixed(2)} s (promised: under 2 s)`,
    ];
  },
  hosts: beside(measureHosts),
  overhead: beside(measureOverhead),
  idle: measureIdle,
  crowd: measureCrowd,
  many: measureMany,
  soak: measureSoak,
  explain: explained,
  'start-up': async () => {
    const { ours, node } = measureStartUp();
    const ratio = ours / node;
    return [
      `${ratio <= 2.5 ? 'ok ' : 'LOW'} ${ratio.toFixed(2)} x (promised at most 2.5): mxlab explain 550 takes ${Math.round(ours)} ms beside ${Math.round(node)} ms of node -e 0`,
    ];
  },
};

async function explained(): Promise<string[]> {
  const { measures, early, most, megabyte } = await measureExplain();
  const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
  return [
    ...measures.map(printMeasure),
    `${most < 1.5 * early ? 'ok ' : 'LOW'} memory of mxlab explain on that log: ${mebibytes(early)} MiB after a tenth of the time, never more than ${mebibytes(most)} MiB later (promised: flat)`,
    `${megabyte < 100 ? 'ok ' : 'LOW'} a reply of 1 MiB explained in ${megabyte.toFixed(1)} ms (promised: under 100 ms)`,
  ];
}

const missing = Object.values(postfixTools).filter((tool) => !existsSync(tool));
if (missing.length > 0) {
  console.error(`${missing.join(' and ')} are not here. They come with Postfix: apt-get install -y postfix`);
  process.exit(2);
}
const named = process.argv.slice(2);
const unknown = named.filter((name) => !(name in parts));
if (unknown.length > 0) {
  console.error(`there is no part called ${unknown.join(', ')}; parts: ${Object.keys(parts).join(', ')}`);
  process.exit(2);
}
for (const name of named.length > 0 ? named : Object.keys(parts)) {
  for (const line of (await parts[name]?.()) ?? []) console.log(line);
}
