import type { Resolver } from '../../dns/resolver.ts';
import type { Clock } from '../../time/clock.ts';
import type { OperatorLimits } from '../list/limits.ts';
import type { Census, Count, DomainShare } from './census.ts';
import { findMailHosts, type MailHost } from './mail-hosts.ts';

/** What asking one operator costs at the least. Counts are estimates where those of the plan are. */
export interface OperatorPlan {
  readonly name: string;
  /** One of its domains. */
  readonly domain: string;
  readonly domains: number;
  readonly addresses: number;
  /** Addresses that cannot exist and are asked about beside the others: one for each domain. */
  readonly controls: number;
  readonly connections: number;
  readonly transactions: number;
  /** At the limits, in ms. */
  readonly leastTime: number;
}

/** What a run would do, and what it would cost at the least. */
export interface Plan {
  readonly entries: number;
  readonly faults: number;
  readonly repeated: Count;
  readonly domains: Count;
  /** Absent where nobody was asked for the exchangers: each domain then counts as an operator. */
  readonly lookedUp?: {
    /** Domains of which the exchangers were asked for. */
    readonly domains: number;
    /** Domains that take no mail, and their addresses: they cost no connection. */
    readonly withoutHost: { readonly domains: Count; readonly addresses: Count };
    /** Domains of which the name system said nothing. */
    readonly unknown: Count;
  };
  /** The slowest first. */
  readonly operators: readonly OperatorPlan[];
  /** True when no operator is estimated. */
  readonly exact: boolean;
  readonly limits: OperatorLimits;
  readonly totals: Pick<OperatorPlan, 'addresses' | 'controls' | 'connections' | 'transactions'> & {
    /** Questions to the name system, aliases not counted. */
    readonly dnsQuestions: number;
    /** Of the slowest operator: they are asked side by side. */
    readonly leastTime: number;
  };
}

/** Makes a plan of what is in a list. With a resolver, asks it who takes the mail of each domain (or of a sample of them). */
export async function planFor(
  census: Census,
  {
    resolver,
    clock,
    limits,
  }: { readonly resolver?: Resolver; readonly clock: Clock; readonly limits: OperatorLimits },
): Promise<Plan> {
  const hosts = resolver && (await findMailHosts({ resolver, clock }, census.shares));
  const hostOf = ({ domain }: DomainShare): MailHost =>
    hosts?.get(domain) ?? { kind: 'operator', name: domain, hosts: 1 };
  const operators = new Map<string, OperatorPlan>();
  let dnsQuestions = 0;
  for (const share of census.shares) {
    const host = hostOf(share);
    dnsQuestions += share.standsFor * (host.kind === 'operator' ? 1 + 2 * host.hosts : 1);
    if (host.kind === 'none') continue;
    const name = host.kind === 'operator' ? host.name : share.domain;
    operators.set(name, grown(operators.get(name), name, share, limits));
  }
  const rounded = [...operators.values()].map((operator) => finished(operator, limits));
  const { exact } = census.domains;
  return {
    entries: census.entries,
    faults: census.faults,
    repeated: census.repeated,
    domains: census.domains,
    ...(hosts ? { lookedUp: lookedUpOf(census, hostOf) } : {}),
    operators: rounded.sort(slowestFirst),
    exact,
    limits,
    totals: {
      addresses: total(rounded, 'addresses'),
      controls: total(rounded, 'controls'),
      connections: total(rounded, 'connections'),
      transactions: total(rounded, 'transactions'),
      dnsQuestions: Math.round(dnsQuestions),
      leastTime: Math.max(0, ...rounded.map(({ leastTime }) => leastTime)),
    },
  };
}

function slowestFirst(a: OperatorPlan, b: OperatorPlan): number {
  return b.leastTime - a.leastTime || b.addresses - a.addresses || (a.name < b.name ? -1 : 1);
}

function lookedUpOf(
  { shares, domains: { exact } }: Census,
  hostOf: (share: DomainShare) => MailHost,
): NonNullable<Plan['lookedUp']> {
  const of = (kind: MailHost['kind']) => shares.filter((share) => hostOf(share).kind === kind);
  const domainsIn = (some: readonly DomainShare[]): Count => ({
    value: Math.round(some.reduce((sum, { standsFor }) => sum + standsFor, 0)),
    exact,
  });
  const none = of('none');
  const addresses = none.reduce((sum, share) => sum + share.addresses * share.standsFor, 0);
  return {
    domains: shares.length,
    withoutHost: { domains: domainsIn(none), addresses: { value: Math.round(addresses), exact } },
    unknown: domainsIn(of('unknown')),
  };
}

/** Adds the addresses of a domain, not rounded yet. One transaction has recipients of one domain only. */
function grown(
  known: OperatorPlan | undefined,
  name: string,
  { domain, addresses, standsFor }: DomainShare,
  { perTransaction }: OperatorLimits,
): OperatorPlan {
  return {
    name,
    domain: known?.domain ?? domain,
    domains: (known?.domains ?? 0) + standsFor,
    addresses: (known?.addresses ?? 0) + addresses * standsFor,
    controls: (known?.controls ?? 0) + standsFor,
    transactions: (known?.transactions ?? 0) + Math.ceil((addresses + 1) / perTransaction) * standsFor,
    connections: 0,
    leastTime: 0,
  };
}

/** The first transaction goes at once. */
function finished(
  operator: OperatorPlan,
  { perConnection, perTransaction, perSecond }: OperatorLimits,
): OperatorPlan {
  const recipients = operator.addresses + operator.controls;
  return {
    ...operator,
    domains: Math.round(operator.domains),
    addresses: Math.round(operator.addresses),
    controls: Math.round(operator.controls),
    transactions: Math.ceil(operator.transactions),
    connections: Math.ceil(recipients / perConnection),
    leastTime: Math.round((Math.max(0, recipients - perTransaction) / perSecond) * 1_000),
  };
}

function total(operators: readonly OperatorPlan[], what: keyof Plan['totals'] & keyof OperatorPlan): number {
  return operators.reduce((sum, operator) => sum + operator[what], 0);
}
