import ipaddr from 'ipaddr.js';
import type { Judged } from './finding.ts';

/** Addresses that nobody sees from outside: RFC 1918, 6598, 3927, 4193, loopback. */
const hidden: readonly string[] = [
  'private',
  'carrierGradeNat',
  'linkLocal',
  'uniqueLocal',
  'loopback',
  'unspecified',
];

/** Whether others can see this address as ours. */
export function isSeenOutside(address: string): boolean {
  return ipaddr.isValid(address) && !hidden.includes(ipaddr.process(address).range());
}

/** An address as it is looked up: an IPv4 address in IPv6 clothes is one. RFC 4291 2.5.5.2 */
export function plainAddress(address: string): string {
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
}

/** The same address, however it is written. */
export function sameAddress(a: string, b: string): boolean {
  return plainAddress(a) === plainAddress(b);
}

/** Why nothing can be told about our address. */
export function checkOwnAddress(address: string | undefined): Judged | undefined {
  const advice =
    'Name the address that others see with --public-ip: its name, SPF and block lists are then looked at.';
  if (address === undefined)
    return {
      verdict: 'could not tell',
      says: 'Which address others see is not known: nobody was connected to, and none was named.',
      advice,
      grounds: [],
    };
  if (isSeenOutside(address)) return undefined;
  return {
    verdict: 'could not tell',
    says: `Connections leave from ${address}, which is an address of an inner network: others see another one, that of a gateway.`,
    advice,
    grounds: ['RFC 1918 3'],
  };
}
