import { isIPv4 } from 'node:net';
import { canonicalName } from '../../dns/name.ts';
import type { Resolver } from '../../dns/resolver.ts';
import type { Judged } from './finding.ts';
import { sameAddress } from './own-address.ts';

/** The names of an address that lead back to it, as far as they are known. */
export interface ReverseNames {
  readonly judged: Judged;
  readonly confirmed: readonly string[];
}

/** No honest host has more names, and each costs a look-up. */
const mostNames = 10;

const grounds = [
  'RFC 1912 2.1',
  'Gmail: 550 5.7.25 without a PTR whose name leads back, support.google.com/mail/answer/81126',
];

/** Whether the address has a name, and the name that address: forward-confirmed reverse DNS. RFC 8601 3 (iprev) */
export async function checkReverseName(resolver: Resolver, address: string): Promise<ReverseNames> {
  const pointers = await resolver.ptr(address);
  if (pointers.kind === 'failed')
    return unknown(`the name system did not say whether ${address} has a name.`);
  if (pointers.kind !== 'found') {
    const says = `${address} has no name (no PTR record).`;
    const advice =
      'Have whoever gave you the address set its PTR record to the name that you use in EHLO. Gmail, GMX, T-Online, Comcast and many others refuse an address without one.';
    return { judged: { verdict: 'bad', says, advice, grounds }, confirmed: [] };
  }
  const names = [...new Set(pointers.records.slice(0, mostNames).map(canonicalName))];
  const family = isIPv4(address) ? 4 : 6;
  const answers = await Promise.all(names.map((name) => resolver.addresses(name, family)));
  const confirmed = names.filter((_, i) => {
    const answer = answers[i];
    return answer?.kind === 'found' && answer.records.some((one) => sameAddress(one, address));
  });
  if (confirmed.length === 0 && answers.some(({ kind }) => kind === 'failed'))
    return unknown(
      `the name of ${address} is ${names.join(', ')}; whether that leads back could not be told.`,
    );
  return { judged: judge(address, names, confirmed), confirmed };
}

function judge(address: string, names: readonly string[], confirmed: readonly string[]): Judged {
  const [name] = confirmed;
  if (name === undefined) {
    const says = `${address} is called ${names.join(', ')}, and that name does not lead back to it.`;
    const advice = `Give the name ${isIPv4(address) ? 'an A' : 'an AAAA'} record with ${address}, or have the PTR record name a host that has one.`;
    return { verdict: 'bad', says, advice, grounds };
  }
  if (confirmed.every((one) => looksGiven(one, address))) {
    const says = `${address} is called ${name}, which looks like a name that a network gives to its customers.`;
    const advice =
      'Have the PTR record name your mail host. GMX, web.de and the Spamhaus PBL treat such names as those of dial-up lines.';
    return {
      verdict: 'doubtful',
      says,
      advice,
      grounds: ['postmaster.gmx.net: 554 Bad DNS PTR resource record', ...grounds],
    };
  }
  return {
    verdict: 'fine',
    says: `${address} is called ${name}, and ${name} leads back to it.`,
    grounds: ['RFC 8601 3'],
  };
}

/** The digits of the address stand in the name, or words for lines of customers. */
function looksGiven(name: string, address: string): boolean {
  if (
    /(?:^|[.-])(?:dyn|dynamic|dhcp|dialup|dial|dsl|adsl|vdsl|pool|ppp|pppoe|cable|customer|cust|client)\d*(?:[.-]|$)/.test(
      name,
    )
  )
    return true;
  if (!isIPv4(address)) return false;
  const octets = address.split('.');
  const numbers = name
    .split(/\D+/)
    .filter((digits) => digits !== '')
    .map((digits) => `${Number(digits)}`);
  const inRow = (wanted: readonly string[]): boolean =>
    numbers.some((_, i) => wanted.every((octet, j) => numbers[i + j] === octet));
  return (
    inRow(octets) ||
    inRow([...octets].reverse()) ||
    inRow(octets.slice(1)) ||
    inRow([...octets].reverse().slice(0, 3))
  );
}

function unknown(says: string): ReverseNames {
  const sentence = `${says[0]?.toUpperCase()}${says.slice(1)}`;
  return {
    judged: {
      verdict: 'could not tell',
      says: sentence,
      advice: 'Try again, or ask another name server.',
      grounds: [],
    },
    confirmed: [],
  };
}
