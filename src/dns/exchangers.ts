import { isIP } from 'node:net';
import { isAddressLiteral } from '../smtp/mailbox.ts';
import { type Attended, attend } from './exchanger-addresses.ts';
import { canonicalName } from './name.ts';
import type { LookupFailure, MxRecord, Resolver } from './resolver.ts';

/** A host that takes mail for a domain. */
export interface Exchanger {
  readonly host: string;
  readonly preference: number;
  /** In the order to try, at least one. */
  readonly addresses: readonly string[];
}

/** Where mail for a domain goes, or why it goes nowhere. Each warning begins with the rule it tells of: `DNS-07: …`. */
export type ExchangerSearch =
  | {
      readonly kind: 'found';
      /** In the order to try. */
      readonly exchangers: readonly [Exchanger, ...Exchanger[]];
      /** True when the domain has no MX and is its own exchanger. */
      readonly implicit: boolean;
      readonly warnings: readonly string[];
    }
  /** The domain says that it takes no mail (RFC 7505). */
  | { readonly kind: 'null-mx' }
  | { readonly kind: 'no-such-domain' }
  /** Neither MX nor an address. */
  | { readonly kind: 'no-mail-host' }
  /** There are exchangers, but none that can be dialled. */
  | {
      readonly kind: 'no-usable-address';
      readonly hosts: readonly string[];
      readonly warnings: readonly string[];
    }
  /** The name system gave no answer either way: try again later. */
  | { readonly kind: 'dns-trouble'; readonly why: LookupFailure; readonly detail: string };

export interface ExchangerOptions {
  /** The kinds of address that can be dialled, in order of trying. Default: IPv4, then IPv6. */
  readonly families?: readonly (4 | 6)[];
}

/** Nobody has more exchangers than this; a zone that says so does not make us ask a thousand questions. */
const mostExchangers = 50;

/**
 * Finds the hosts that take mail for a domain, in the order to try them. RFC 5321 5.1, rules DNS-01 to DNS-12.
 * An address literal (`[192.0.2.1]`) is its own host. `random` shuffles hosts of equal preference.
 */
export async function findExchangers(
  resolver: Resolver,
  domain: string,
  random: () => number,
  { families = [4, 6] }: ExchangerOptions = {},
): Promise<ExchangerSearch> {
  if (isAddressLiteral(domain)) return fromLiteral(domain, families);
  const answer = await resolver.mx(domain);
  switch (answer.kind) {
    case 'failed':
      return { kind: 'dns-trouble', why: answer.why, detail: answer.detail };
    case 'no-such-domain':
      return { kind: 'no-such-domain' };
    case 'no-data':
      return implicitly(resolver, canonicalName(domain), families);
    case 'found':
      return byMx(resolver, answer.records, random, families);
    default:
      return answer satisfies never;
  }
}

function fromLiteral(literal: string, families: readonly (4 | 6)[]): ExchangerSearch {
  const address = literal.slice(1, -1).replace(/^IPv6:/i, '');
  return families.includes(isIP(address) as 4 | 6)
    ? {
        kind: 'found',
        exchangers: [{ host: literal, preference: 0, addresses: [address] }],
        implicit: false,
        warnings: [],
      }
    : { kind: 'no-usable-address', hosts: [literal], warnings: [unreachableFamily(literal, families)] };
}

/** Only for an empty MX answer: the domain is its own exchanger, at preference 0. RFC 5321 5.1 (rule DNS-04) */
async function implicitly(
  resolver: Resolver,
  domain: string,
  families: readonly (4 | 6)[],
): Promise<ExchangerSearch> {
  const host = await attend(resolver, { preference: 0, exchange: domain }, families);
  const [first] = usable([host]);
  if (first)
    return { kind: 'found', exchangers: [first], implicit: true, warnings: host.warnings.filter(isNotAlias) };
  if (host.trouble) return { kind: 'dns-trouble', ...host.trouble };
  return host.elsewhere
    ? { kind: 'no-usable-address', hosts: [domain], warnings: [unreachableFamily(domain, families)] }
    : { kind: 'no-mail-host' };
}

async function byMx(
  resolver: Resolver,
  records: readonly MxRecord[],
  random: () => number,
  families: readonly (4 | 6)[],
): Promise<ExchangerSearch> {
  const named = records.filter(({ exchange }) => exchange !== '');
  if (named.length === 0) return { kind: 'null-mx' }; // no look-up of addresses: RFC 7505 4.1 (rule DNS-09)
  const warnings: string[] = [];
  if (named.length < records.length) {
    warnings.push('DNS-10: a null MX stands beside other MX records; it was left out');
  }
  const ordered = unique(inOrder(named, random));
  if (ordered.length > mostExchangers) {
    warnings.push(`DNS-02: of ${ordered.length} exchangers only the first ${mostExchangers} were looked at`);
  }
  const hosts = await Promise.all(
    ordered.slice(0, mostExchangers).map((record) => attend(resolver, record, families)),
  );
  warnings.push(...hosts.flatMap((host) => host.warnings));
  const [first, ...rest] = usable(hosts);
  if (first) return { kind: 'found', exchangers: [first, ...rest], implicit: false, warnings };
  const trouble = hosts.find((host) => host.trouble)?.trouble;
  if (trouble) return { kind: 'dns-trouble', ...trouble };
  // The domain's own address is no safety net behind MX. RFC 5321 5.1 (rule DNS-05)
  return { kind: 'no-usable-address', hosts: hosts.map(({ host }) => host), warnings };
}

function usable(hosts: readonly Attended[]): Exchanger[] {
  return hosts
    .filter(({ addresses }) => addresses.length > 0)
    .map(({ host, preference, addresses }) => ({ host, preference, addresses }));
}

/** Lowest preference first, equal ones in an order of chance (Fisher-Yates). RFC 5321 5.1 (rule DNS-02) */
function inOrder(records: readonly MxRecord[], random: () => number): MxRecord[] {
  const shuffled = [...records];
  for (let i = shuffled.length - 1; i > 0; i--) {
    const j = Math.floor(random() * (i + 1));
    [shuffled[i], shuffled[j]] = [shuffled[j] as MxRecord, shuffled[i] as MxRecord];
  }
  return shuffled.sort((a, b) => a.preference - b.preference);
}

/** A host named twice counts where it is preferred most. */
function unique(records: readonly MxRecord[]): MxRecord[] {
  const seen = new Set<string>();
  return records.filter(({ exchange }) => {
    const name = canonicalName(exchange);
    return !seen.has(name) && seen.add(name);
  });
}

/** An alias at the domain itself is in order (rule DNS-06); only an MX must not lead to one. */
const isNotAlias = (warning: string): boolean => !warning.startsWith('DNS-07');

function unreachableFamily(host: string, families: readonly (4 | 6)[]): string {
  return `DNS-12: ${host} has no ${families.map((family) => `IPv${family}`).join(' or ')} address, and others are not used here`;
}
