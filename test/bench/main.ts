import { existsSync } from 'node:fs';
import { formatDuration } from '../../src/time/duration.ts';
import { measureExplain } from './explain.ts';
import { measureGreylist } from './greylist.ts';
import { measureHosts } from './hosts.ts';
import { printMeasure } from './measure.ts';
import { measureProbe } from './probe.ts';
import { postfixTools } from './processes.ts';

const missing = Object.values(postfixTools).filter((tool) => !existsSync(tool));
if (missing.length > 0) {
  console.error(`${missing.join(' and ')} are not here. They come with Postfix: apt-get install -y postfix`);
  process.exit(2);
}
for (const measure of await measureProbe()) console.log(printMeasure(measure));
const { real, simulated, letIn, tries } = await measureGreylist();
console.log(
  `${real < 2_000 ? 'ok ' : 'LOW'} 200 greylisted addresses, ${letIn} let in after ${tries} tries and ${formatDuration(simulated)} simulated: ${(real / 1_000).toFixed(2)} s (promised: under 2 s)`,
);
for (const measure of await measureHosts()) console.log(printMeasure(measure));
const { measures, early, most, megabyte } = await measureExplain();
for (const measure of measures) console.log(printMeasure(measure));
const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
console.log(
  `${most < 1.5 * early ? 'ok ' : 'LOW'} memory of mxlab explain on that log: ${mebibytes(early)} MiB after a tenth of the time, never more than ${mebibytes(most)} MiB later (promised: flat)`,
);
console.log(
  `${megabyte < 100 ? 'ok ' : 'LOW'} a reply of 1 MiB explained in ${megabyte.toFixed(1)} ms (promised: under 100 ms)`,
);
