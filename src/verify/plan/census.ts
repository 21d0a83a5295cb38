import { readAddress } from '../address.ts';
import type { ListEntry } from '../list/verify-list.ts';
import { Frequent } from './frequent.ts';
import { Sample } from './sample.ts';

/** A number that was counted, or estimated where counting would have taken more memory than there is. */
export interface Count {
  readonly value: number;
  readonly exact: boolean;
}

/** The addresses of one domain, which may stand for those of others as well. */
export interface DomainShare {
  readonly domain: string;
  readonly addresses: number;
  /** How many such domains there are, itself included. */
  readonly standsFor: number;
}

/** What is in a list. */
export interface Census {
  readonly entries: number;
  /** Entries that are no addresses. */
  readonly faults: number;
  /** Entries that stand there once more. */
  readonly repeated: Count;
  readonly domains: Count;
  readonly shares: readonly DomainShare[];
}

/** Domains that are counted one by one; also the most of which the exchangers are looked up. */
const mostDomains = 3_000;
const mostFrequent = 1_000;
/** Addresses by which repetitions are found. Sampled beyond that, to within half a percent. */
const mostAddresses = 131_072;

/** Counts a list of any length in constant memory. Rejects with whatever the list throws. */
export async function takeCensus(
  list: AsyncIterable<ListEntry<unknown>> | Iterable<ListEntry<unknown>>,
): Promise<Census> {
  const addresses = new Sample(mostAddresses);
  const domains = new Sample(mostDomains);
  const frequent = new Frequent(mostFrequent);
  let entries = 0;
  let faults = 0;
  for await (const { address } of list) {
    entries++;
    const asked = readAddress(address);
    if ('fault' in asked) {
      faults++;
      continue;
    }
    addresses.add(asked.wire, 'hash');
    domains.add(asked.domain, 'name');
    frequent.add(asked.domain);
  }
  const valid = entries - faults;
  return {
    entries,
    faults,
    repeated: { value: Math.max(0, valid - addresses.kinds), exact: addresses.oneIn === 1 },
    domains: { value: domains.kinds, exact: domains.oneIn === 1 },
    shares: sharesOf(valid, domains, frequent),
  };
}

/** The frequent domains for themselves, those of the sample for the rest. */
function sharesOf(valid: number, domains: Sample, frequent: Frequent): readonly DomainShare[] {
  const sampled = domains.counts as ReadonlyMap<string, number>;
  if (domains.oneIn === 1)
    return [...sampled].map(([domain, addresses]) => ({ domain, addresses, standsFor: 1 }));
  const large = new Map(
    [...frequent.counts]
      .filter(([, count]) => count > frequent.slack && count > 1)
      .map(([domain, count]) => [domain, sampled.get(domain) ?? count + Math.round(frequent.slack / 2)]),
  );
  const small = [...sampled].filter(([domain]) => !large.has(domain));
  const left = Math.max(0, valid - sum(large.values()));
  const standsFor = left / Math.max(1, sum(small.map(([, count]) => count)));
  return [
    ...[...large].map(([domain, addresses]) => ({ domain, addresses, standsFor: 1 })),
    ...small.map(([domain, addresses]) => ({ domain, addresses, standsFor })),
  ];
}

function sum(numbers: Iterable<number>): number {
  let total = 0;
  for (const number of numbers) total += number;
  return total;
}
