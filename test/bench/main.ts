import { existsSync } from 'node:fs';
import { formatDuration } from '../../src/time/duration.ts';
import { measureExplain } from './explain.ts';
import { measureGreylist } from './greylist.ts';
import { measureHosts, measureOverhead } from './hosts.ts';
import { type Measure, printMeasure } from './measure.ts';
import { measureMillion, printMillion } from './million.ts';
import { measureProbe } from './probe.ts';
import { postfixTools } from './processes.ts';
import { measureCrowd, measureIdle, measureMany, measureSoak } from './scale.ts';
import { measureStartUp } from './start-up.ts';
import { measureVerify } from './verify.ts';

const beside = (measure: () => Promise<readonly Measure[]>) => async (): Promise<string[]> =>
  (await measure()).map(printMeasure);

/** What is measured, by the name that asks for it: `npm run bench -- overhead`. `million=50000` is a smaller million. */
const parts: Readonly<Record<string, (size?: number) => Promise<readonly string[]>>> = {
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
  verify: beside(measureVerify),
  million: async (size = 1_000_000) => printMillion(await measureMillion(size, console.log)),
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

/** What sends with Postfix' own tools. */
const withPostfix = ['probe', 'hosts', 'overhead'];

const asked = process.argv.slice(2).map((argument) => {
  const [name = '', size] = argument.split('=');
  return { name, size: size === undefined ? undefined : Number(size) };
});
const wanted = asked.length > 0 ? asked : Object.keys(parts).map((name) => ({ name, size: undefined }));
const unknown = wanted.filter(({ name, size = 1 }) => !(name in parts) || !(size >= 1));
if (unknown.length > 0) {
  const names = unknown.map(({ name }) => name).join(', ');
  console.error(
    `there is no part called ${names}, or none of that size; parts: ${Object.keys(parts).join(', ')}`,
  );
  process.exit(2);
}
const missing = Object.values(postfixTools).filter((tool) => !existsSync(tool));
if (missing.length > 0 && wanted.some(({ name }) => withPostfix.includes(name))) {
  console.error(`${missing.join(' and ')} are not here. They come with Postfix: apt-get install -y postfix`);
  process.exit(2);
}
for (const { name, size } of wanted) {
  for (const line of (await parts[name]?.(size)) ?? []) console.log(line);
}
