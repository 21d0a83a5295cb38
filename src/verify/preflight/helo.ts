import { isIP, isIPv4 } from 'node:net';
import { canonicalName } from '../../dns/name.ts';
import type { Resolver } from '../../dns/resolver.ts';
import { isAddressLiteral } from '../../smtp/mailbox.ts';
import type { Judged } from './finding.ts';
import { sameAddress } from './own-address.ts';

/** Names that exist only inside: RFC 2606 2, RFC 6761 6, RFC 6762 3 and what routers hand out. */
const inner = /(?:^|\.)(?:localhost|localdomain|local|internal|lan|home|corp|invalid|test|home\.arpa)$/;

/** Letters, digits and hyphens, several labels, the last one not all digits. RFC 5321 4.1.2, RFC 1123 2.1 */
const domain =
  /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?=[a-z0-9-]*[a-z])[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;

const advice =
  'Choose a name with --helo that has an address record, best the one that the PTR record of your address names.';

/**
 * Whether the name in EHLO is one that we may use, resolves, leads to us, and is the name that our address has. `address` and
 * its confirmed names are given where they are known.
 */
export async function checkHelo(
  resolver: Resolver,
  helo: string,
  { address, names }: { readonly address?: string | undefined; readonly names: readonly string[] },
): Promise<Judged> {
  if (isAddressLiteral(helo)) return judgeLiteral(helo, address);
  const name = canonicalName(helo);
  const flaw = flawOf(name);
  if (flaw !== undefined)
    return {
      verdict: 'bad',
      says: `${helo} ${flaw}.`,
      advice,
      grounds: ['RFC 5321 2.3.5', 'RFC 5321 4.1.4', 'Postfix reject_non_fqdn_helo_hostname: 504 5.5.2'],
    };
  return judgeAddresses(resolver, name, { address, names });
}

function flawOf(name: string): string | undefined {
  if (isIP(name) > 0) return `is an address; one stands in brackets, [${isIPv4(name) ? '' : 'IPv6:'}${name}]`;
  if (inner.test(name)) return 'is a name that exists only inside a network';
  if (!name.includes('.')) return 'is no full name: it has no domain';
  return domain.test(name) ? undefined : 'is no name of a host';
}

function judgeLiteral(helo: string, address: string | undefined): Judged {
  const literal = helo.slice(1, -1).replace(/^IPv6:/i, '');
  if (address !== undefined && !sameAddress(literal, address))
    return {
      verdict: 'bad',
      says: `${helo} is not our address, which is ${address}.`,
      advice,
      grounds: ['RFC 5321 4.1.4'],
    };
  return {
    verdict: 'doubtful',
    says: `${helo} is an address where others expect a name; it is allowed for hosts without one.`,
    advice,
    grounds: ['RFC 5321 4.1.3', 'RFC 5321 4.1.4'],
  };
}

async function judgeAddresses(
  resolver: Resolver,
  name: string,
  { address, names }: { readonly address?: string | undefined; readonly names: readonly string[] },
): Promise<Judged> {
  const answers = await Promise.all(([4, 6] as const).map((family) => resolver.addresses(name, family)));
  const found = answers.flatMap((answer) => (answer.kind === 'found' ? answer.records : []));
  if (found.length === 0 && answers.some(({ kind }) => kind === 'failed'))
    return {
      verdict: 'could not tell',
      says: `The name system did not say whether ${name} has an address.`,
      advice: 'Try again, or ask another name server.',
      grounds: [],
    };
  if (found.length === 0)
    return {
      verdict: 'bad',
      says: `${name} has no address record, so that nobody can resolve it.`,
      advice,
      grounds: [
        'RFC 5321 2.3.5',
        'Postfix reject_unknown_helo_hostname, iCloud: 450 4.7.1 Helo command rejected: Host not found',
      ],
    };
  if (address === undefined)
    return { verdict: 'fine', says: `${name} resolves to ${found.join(', ')}.`, grounds: ['RFC 5321 2.3.5'] };
  return judgeAgreement(name, found, address, names);
}

function judgeAgreement(
  name: string,
  found: readonly string[],
  address: string,
  names: readonly string[],
): Judged {
  const ours = found.some((one) => sameAddress(one, address));
  const [other] = names;
  if (names.includes(name) && ours)
    return {
      verdict: 'fine',
      says: `${name} leads to ${address}, and that is what ${address} is called.`,
      grounds: ['RFC 5321 4.1.4'],
    };
  const says = ours
    ? other === undefined
      ? `${name} leads to ${address}, which has no name of its own that leads back.`
      : `${name} leads to ${address}, but ${address} is called ${other}.`
    : `${name} leads to ${found.join(', ')} and not to ${address}.`;
  return {
    verdict: 'doubtful',
    says,
    advice:
      other === undefined
        ? advice
        : `Introduce yourself with --helo ${other}, or have the PTR record changed. Hosts must not refuse for this alone, and some do or count it.`,
    grounds: ['RFC 5321 4.1.4'],
  };
}
