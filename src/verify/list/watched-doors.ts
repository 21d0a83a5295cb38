import type { Lookup, Resolver } from '../../dns/resolver.ts';
import type { Environment } from '../../probe/environment.ts';
import type { Clock } from '../../time/clock.ts';
import { Alerts } from './alerts.ts';
import type { LookupType, Observe } from './list-event.ts';
import type { Threshold } from './threshold.ts';

/** Whoever looks on, with the alerts before them. */
export function observerOf(
  { clock }: Environment,
  { observe, alerts = [] }: { readonly observe?: Observe; readonly alerts?: readonly Threshold[] },
): Observe | undefined {
  return observe && alerts.length > 0 ? new Alerts(alerts, clock, observe).observe : observe;
}

/** The same doors, with an eye on the questions to the name system. */
export function watchedDoors(environment: Environment, observe: Observe): Environment {
  const { clock, resolver, dial, random, authorities } = environment;
  return {
    clock,
    dial,
    random,
    resolver: watchedResolver(resolver, clock, observe),
    ...(authorities ? { authorities } : {}),
  };
}

/** The same name system; every question and how it went is told. */
function watchedResolver(resolver: Resolver, clock: Clock, observe: Observe): Resolver {
  const tell = async <T>(type: LookupType, asked: Promise<Lookup<T>>): Promise<Lookup<T>> => {
    const since = clock.now();
    const found = await asked;
    const result = found.kind === 'failed' ? found.why : found.kind;
    observe({ kind: 'looked-up', type, result, took: clock.now() - since });
    return found;
  };
  return {
    mx: (domain) => tell('MX', resolver.mx(domain)),
    addresses: (host, family) => tell(family === 4 ? 'A' : 'AAAA', resolver.addresses(host, family)),
    txt: (domain) => tell('TXT', resolver.txt(domain)),
    ptr: (address) => tell('PTR', resolver.ptr(address)),
  };
}
