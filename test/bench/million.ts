import { formatDuration } from '../../src/time/duration.ts';
import { usualLimits } from '../../src/verify/list/limits.ts';
import { verifyList } from '../../src/verify/list/verify-list.ts';
import { startLab } from '../../src/world/start-lab.ts';
import { LimitWitness } from '../verify/list/limit-witness.ts';
import { inhabitants, population } from '../verify/list/population.ts';

const domains = 1_000;
const asker = {
  helo: 'probe.verifier.example',
  sender: 'probe@verifier.example',
  from: '198.51.100.7',
  tls: 'none' as const,
  window: 10_000,
};

/** In a shorter list the first fifth has not even warmed up: its memory is only told. */
const enough = 200_000;

/** What came of a long list. */
export interface MillionReport {
  readonly addresses: number;
  /** Entries with not exactly one result. */
  readonly notOnce: number;
  readonly exceeded: readonly string[];
  readonly connections: number;
  readonly recipients: number;
  /** Resident memory, in bytes: the most in the first fifth of the results, and the most later on. */
  readonly early: number;
  readonly most: number;
  /** Real seconds, and simulated ms. */
  readonly seconds: number;
  readonly simulated: number;
}

/** So many addresses over 1,000 simulated domains, in simulated time and within the usual limits; `tell` hears how it goes. */
export async function measureMillion(
  addresses: number,
  tell: (line: string) => void,
): Promise<MillionReport> {
  const people = population(domains, 'million');
  const lab = await startLab(people.world, { clock: 'virtual', shelf: people.shelf });
  const witness = new LimitWitness(usualLimits);
  lab.listen(witness);
  const times = new Uint8Array(addresses);
  const began = { real: performance.now(), simulated: lab.clock.now() };
  const memory = { early: 0, most: 0 };
  const step = Math.max(1, Math.round(addresses / 20));
  let done = 0;
  try {
    for await (const { key } of verifyList(lab, inhabitants(people, addresses, 'million'), asker)) {
      times[key] = (times[key] ?? 0) + 1;
      done++;
      if (done % 1_000 === 0) note(memory, done <= addresses / 5);
      if (done % step === 0)
        tell(
          `${done} of ${addresses}: ${Math.round(process.memoryUsage.rss() / 2 ** 20)} MiB, ${Math.round(done / ((performance.now() - began.real) / 1_000))} addresses/s`,
        );
    }
  } finally {
    await lab.close();
  }
  return {
    addresses,
    notOnce: times.filter((count) => count !== 1).length,
    exceeded: witness.exceeded,
    connections: witness.connections,
    recipients: witness.recipients,
    ...memory,
    seconds: (performance.now() - began.real) / 1_000,
    simulated: lab.clock.now() - began.simulated,
  };
}

function note(memory: { early: number; most: number }, early: boolean): void {
  const now = process.memoryUsage.rss();
  if (early) memory.early = Math.max(memory.early, now);
  else memory.most = Math.max(memory.most, now);
}

/** Lines for a person; `ok` or `LOW` by what is promised. */
export function printMillion(report: MillionReport): string[] {
  const { addresses, notOnce, exceeded, connections, recipients, early, most, seconds, simulated } = report;
  const verdict = (good: boolean): string => (good ? 'ok ' : 'LOW');
  const mebibytes = (bytes: number): number => Math.round(bytes / 2 ** 20);
  return [
    `${verdict(notOnce === 0)} ${addresses} addresses over ${domains} simulated domains, ${notOnce} of them not answered exactly once (promised: none), ${Math.round(addresses / seconds)} addresses/s, ${formatDuration(simulated)} simulated`,
    `${verdict(exceeded.length === 0)} limits as the hosts counted them over ${connections} connections and ${recipients} recipients: ${exceeded.length === 0 ? 'never exceeded' : exceeded.join('; ')}`,
    `${addresses < enough ? '   ' : verdict(most < 1.25 * early)} memory: ${mebibytes(early)} MiB at most in the first fifth, ${mebibytes(most)} MiB later (promised: flat)`,
  ];
}
