import { existsSync } from 'node:fs';
import { formatDuration } from '../../src/time/duration.ts';
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
