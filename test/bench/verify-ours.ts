import { SystemResolver } from '../../src/dns/system-resolver.ts';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { liveDial } from '../../src/probe/live-dial.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import { verifyList } from '../../src/verify/list/verify-list.ts';
import { parallel, perConnection, readList } from './verify-world.ts';

const clock = new RealClock();
const environment = {
  clock,
  resolver: new SystemResolver(),
  dial: liveDial({ clock, live: true, politeness: { parallel, gap: 0 } }),
  random: Math.random,
};
const options = {
  helo: 'probe.verifier.example',
  sender: 'probe@verifier.example',
  tls: 'none' as const,
  knowledge: await loadKnowledge(),
  manners: { parallel, perSecond: 1e6, perConnection, perTransaction: 4 },
};
const addresses = await readList();
const wanted = new Map(addresses.map((address) => [address, address.startsWith('real')]));
const began = performance.now();
let wrong = 0;
for await (const { address, verification } of verifyList(
  environment,
  addresses.map((address, key) => ({ key, address })),
  options,
)) {
  if (verification.verdict !== (wanted.get(address) ? 'deliverable' : 'undeliverable')) wrong++;
}
console.log(`${(performance.now() - began) / 1_000} seconds, ${wrong} wrong`);
process.exit();
