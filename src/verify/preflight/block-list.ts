import { isIPv4 } from 'node:net';
import { reverseName } from '../../dns/name.ts';
import type { Lookup, Resolver } from '../../dns/resolver.ts';
import type { Judged } from './finding.ts';
import type { BlockList } from './lists.ts';

/** What is on every list, so that people can try it, and what is on none; those of IPv6 where a list has nothing else. RFC 5782 5 */
const points = {
  4: { testPoint: '127.0.0.2', counterPoint: '127.0.0.1' },
  6: { testPoint: '::ffff:7f00:2', counterPoint: '::ffff:7f00:1' },
} as const;

/** The name to ask about: the address backwards, in front of the zone. RFC 5782 2.1, 2.4 */
export function listedName(address: string, zone: string): string {
  return `${reverseName(address).replace(/\.(?:in-addr|ip6)\.arpa$/, '')}.${zone}`;
}

/**
 * Whether an address is on a block list. What the list says of its test addresses comes first: a list that does not answer us,
 * or that has everybody on it since it was given up, says nothing about us. RFC 5782 2, 5
 */
export async function checkBlockList(resolver: Resolver, list: BlockList, address: string): Promise<Judged> {
  const family = isIPv4(address) ? 4 : 6;
  if (!list.families.includes(family)) return uncertain(`${list.zone} lists no IPv${family} addresses.`);
  const { testPoint, counterPoint } = points[list.families.includes(4) ? 4 : 6];
  const ask = (one: string) => resolver.addresses(listedName(one, list.zone), 4);
  const [own, test, counter] = await Promise.all([ask(address), ask(testPoint), ask(counterPoint)]);
  const refusal = errorIn(list, own) ?? errorIn(list, test) ?? errorIn(list, counter);
  if (refusal !== undefined)
    return uncertain(`${list.zone} did not answer, and this is no listing: ${refusal}.`, [
      'Ask a name server of your own with --dns, or leave the list out with --dnsbl.',
    ]);
  if (own.kind === 'failed') return uncertain(`${list.zone} gave no answer (${own.why}).`);
  if (listings(counter).length > 0)
    return uncertain(`${list.zone} lists every address, ${counterPoint} too: it is out of service.`, [
      'Leave it out with --dnsbl.',
    ]);
  const codes = listings(own);
  const proved = listings(test).length > 0;
  if (codes.length === 0 && !proved)
    return uncertain(
      `${list.zone} does not list ${testPoint}, as every list does for trying: it does not answer us, or is no list.`,
      ['Ask another name server with --dns; some lists answer only those who have signed up.'],
    );
  if (codes.length === 0)
    return { verdict: 'fine', says: `${address} is not on ${nameOf(list)}.`, grounds: ['RFC 5782 2.1'] };
  return listed(resolver, proved ? list : { ...list, weight: 'doubtful' }, address, codes);
}

async function listed(
  resolver: Resolver,
  list: BlockList,
  address: string,
  codes: readonly string[],
): Promise<Judged> {
  await resolver.txt(listedName(address, list.zone)); // why, in the words of the list: RFC 5782 2.1
  const meanings = codes.flatMap((code) => list.answers[code] ?? []);
  const page =
    list.page === undefined ? '' : ` Look it up at ${list.page}, mend the cause, and have it taken off.`;
  const others =
    list.weight === 'bad'
      ? 'Hosts that use the list refuse everything from this address, and what they say tells nothing of mailboxes.'
      : 'Some hosts count it against you.';
  return {
    verdict: list.weight,
    says: `${address} is on ${nameOf(list)}: ${meanings.length > 0 ? meanings.join('; ') : codes.join(', ')}.`,
    advice: `${others}${page}`,
    grounds: ['RFC 5782 2.1', ...(list.source === undefined ? [] : [list.source])],
  };
}

const nameOf = ({ name, zone }: BlockList): string => (name === undefined ? zone : `${name} (${zone})`);

/** Only answers in 127.0.0.0/8 are listings; others are those of a domain that was sold. RFC 5782 2.1 */
function listings(lookup: Lookup<string>): readonly string[] {
  return lookup.kind === 'found' ? lookup.records.filter((code) => code.startsWith('127.')) : [];
}

/** Spamhaus has 127.255.255.0/24 for such answers, others follow it. */
function errorIn({ errors }: BlockList, lookup: Lookup<string>): string | undefined {
  const code = listings(lookup).find((one) => Object.hasOwn(errors, one) || one.startsWith('127.255.255.'));
  return code === undefined ? undefined : (errors[code] ?? `it said ${code}, which is an error`);
}

function uncertain(says: string, [advice]: readonly string[] = []): Judged {
  return {
    verdict: 'could not tell',
    says,
    ...(advice === undefined ? {} : { advice }),
    grounds: ['RFC 5782 5'],
  };
}
