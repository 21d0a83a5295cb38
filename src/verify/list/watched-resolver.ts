import type { Lookup, Resolver } from '../../dns/resolver.ts';
import type { Clock } from '../../time/clock.ts';
import type { LookupType, Observe } from './list-event.ts';

/** The same name system; every question and how it went is told. */
export function watchedResolver(resolver: Resolver, clock: Clock, observe: Observe): Resolver {
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
