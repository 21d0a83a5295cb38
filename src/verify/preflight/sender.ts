import { describeSearch } from '../../dns/describe-search.ts';
import { findExchangers } from '../../dns/exchangers.ts';
import type { Resolver } from '../../dns/resolver.ts';
import { isAddressLiteral } from '../../smtp/mailbox.ts';
import { checkHost, type SpfFinding, type SpfResult } from '../spf/check-host.ts';
import type { Judged } from './finding.ts';
import { shortened } from './witness.ts';

/** The domain by which a sender is judged: that of the address, or the name in EHLO where the address is empty. RFC 7208 2.4 */
export function senderDomain(sender: string, helo: string): string {
  return sender === '' ? helo : sender.slice(sender.lastIndexOf('@') + 1);
}

/** Whether replies to the sender would find a host; many ask that before they take the sender. RFC 5321 2.3.5, 5.1 */
export async function checkSenderDomain(resolver: Resolver, domain: string): Promise<Judged> {
  const search = await findExchangers(resolver, domain, () => 0);
  const grounds = ['RFC 5321 5.1', 'RFC 7505 4.2', 'Postfix reject_unknown_sender_domain: 450 4.1.8'];
  switch (search.kind) {
    case 'found': {
      const hosts = search.exchangers.map(({ host }) => host).join(', ');
      const says = search.implicit
        ? `${domain} has no MX record and takes mail itself.`
        : `Mail for ${domain} goes to ${hosts}.`;
      return { verdict: 'fine', says, grounds: ['RFC 5321 5.1'] };
    }
    case 'dns-trouble':
      return {
        verdict: 'could not tell',
        says: `The name system did not say where mail for ${domain} goes (${search.why}).`,
        advice: 'Try again, or ask another name server.',
        grounds: [],
      };
    default:
      return {
        verdict: 'bad',
        says: `Nobody can answer a sender at ${domain}: ${describeSearch(search)}.`,
        advice:
          'Name an address with --sender that takes mail: many hosts refuse a sender whose domain does not.',
        grounds,
      };
  }
}

const spfGrounds = ['RFC 7208 8', 'Gmail: 5.7.26 without SPF or DKIM, support.google.com/mail/answer/81126'];

/** Whether the sender's domain lets our address send in its name. RFC 7208 2.4 */
export async function checkSpf(
  resolver: Resolver,
  { ip, sender, helo }: { readonly ip: string; readonly sender: string; readonly helo: string },
): Promise<Judged> {
  const domain = senderDomain(sender, helo);
  const whole = sender === '' ? `postmaster@${helo}` : sender;
  return judgeSpf(domain, ip, await checkHost(resolver, { ip, domain, sender: whole, helo }));
}

/** Whether the name in EHLO is one for our address; undefined where it says nothing of that, as most do. RFC 7208 2.3 */
export async function checkHeloSpf(
  resolver: Resolver,
  { ip, helo }: { readonly ip: string; readonly helo: string },
): Promise<Judged | undefined> {
  const found = await checkHost(resolver, { ip, domain: helo, sender: `postmaster@${helo}`, helo });
  return found.result === 'none' ? undefined : judgeSpf(helo, ip, found);
}

function judgeSpf(domain: string, ip: string, { result, by, why, lookups }: SpfFinding): Judged {
  const because = shortened(by ?? why ?? '');
  const cost = lookups > 0 ? ` It takes ${lookups} of the 10 look-ups that there may be.` : '';
  const says = `SPF of ${domain} says ${result} of ${ip}${because === '' ? '' : `: ${because}`}.${cost}`;
  return { says, ...spfReadings[result](domain, ip) };
}

type Reading = (domain: string, ip: string) => Omit<Judged, 'says'>;

const allow = (domain: string, ip: string): string =>
  `Add ip${ip.includes(':') ? 6 : 4}:${ip} to the SPF record of ${domain}, or send as another domain with --sender.`;

const spfReadings: Readonly<Record<SpfResult, Reading>> = {
  pass: () => ({ verdict: 'fine', grounds: ['RFC 7208 8.3'] }),
  none: (domain, ip) => ({
    verdict: 'doubtful',
    advice:
      domain.includes('.') && !isAddressLiteral(domain)
        ? `Publish one, such as "v=spf1 ip${ip.includes(':') ? 6 : 4}:${ip} -all" in a TXT record of ${domain}.`
        : 'Name an address of a domain of yours with --sender.',
    grounds: ['RFC 7208 8.1', ...spfGrounds.slice(1)],
  }),
  neutral: (domain, ip) => ({
    verdict: 'doubtful',
    advice: allow(domain, ip),
    grounds: ['RFC 7208 8.2', ...spfGrounds.slice(1)],
  }),
  softfail: (domain, ip) => ({ verdict: 'doubtful', advice: allow(domain, ip), grounds: ['RFC 7208 8.5'] }),
  fail: (domain, ip) => ({
    verdict: 'bad',
    advice: allow(domain, ip),
    grounds: ['RFC 7208 8.4', 'QQ refuses at MAIL and hangs up, GMX and Orange refuse: 550 5.7.23'],
  }),
  permerror: (domain) => ({
    verdict: 'bad',
    advice: `Mend the SPF record of ${domain}: hosts that follow it cannot, and may refuse.`,
    grounds: ['RFC 7208 8.7', 'RFC 7208 4.6.4'],
  }),
  temperror: () => ({
    verdict: 'could not tell',
    advice: 'Try again, or ask another name server.',
    grounds: ['RFC 7208 8.6'],
  }),
};
