import type { Plan } from '../../verify/plan/plan.ts';

/** A plan as programs read it: keys as in rows of results, times in seconds. `greylist` and `wait` are ms, as for people. */
export function planRecord(
  name: string,
  { lookedUp, limits, operators, totals, ...plan }: Plan,
  { greylist, wait }: { readonly greylist: number; readonly wait: number },
): object {
  return {
    type: 'plan',
    list: name,
    entries: plan.entries,
    bad_syntax: plan.faults,
    repeated: plan.repeated.value,
    domains: plan.domains.value,
    exact: plan.exact && plan.repeated.exact,
    looked_up: lookedUp?.domains ?? 0,
    without_mail_host: lookedUp
      ? {
          domains: lookedUp.withoutHost.domains.value,
          addresses: lookedUp.withoutHost.addresses.value,
        }
      : null,
    dns_trouble: lookedUp?.unknown.value ?? null,
    limits: {
      parallel: limits.parallel,
      per_second: limits.perSecond,
      per_connection: limits.perConnection,
      per_transaction: limits.perTransaction,
    },
    operators: operators.map(({ name: operator, domains, leastTime, ...counts }) => ({
      operator,
      domains,
      addresses: counts.addresses,
      controls: counts.controls,
      connections: counts.connections,
      transactions: counts.transactions,
      least_seconds: leastTime / 1_000,
    })),
    totals: {
      addresses: totals.addresses,
      controls: totals.controls,
      connections: totals.connections,
      transactions: totals.transactions,
      dns_questions: totals.dnsQuestions,
      least_seconds: totals.leastTime / 1_000,
      /** What a host that puts us off adds at the least, and at the most. */
      greylist_seconds: wait > 0 ? greylist / 1_000 : 0,
      wait_seconds: wait / 1_000,
    },
  };
}
