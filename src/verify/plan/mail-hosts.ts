import type { Resolver } from '../../dns/resolver.ts';
import { isAddressLiteral } from '../../smtp/mailbox.ts';
import type { Clock } from '../../time/clock.ts';
import { seconds } from '../../time/duration.ts';
import { operatorName } from '../list/operator-name.ts';
import type { DomainShare } from './census.ts';

/** Where the mail of a domain goes, as far as a plan needs to know. */
export type MailHost =
  | { readonly kind: 'operator'; readonly name: string; readonly hosts: number }
  | { readonly kind: 'none' }
  /** The name system did not say, or was not asked any more. */
  | { readonly kind: 'unknown' };

/** Questions at the same time, and how long new ones are put. */
const parallel = 50;
const patience = seconds(60);

/** Looks up who takes the mail of each domain: one question each, or two or three where there is no MX. RFC 5321 5.1 */
export async function findMailHosts(
  { resolver, clock }: { readonly resolver: Resolver; readonly clock: Clock },
  shares: readonly DomainShare[],
): Promise<ReadonlyMap<string, MailHost>> {
  const found = new Map<string, MailHost>();
  const end = clock.now() + patience;
  const queue = [...shares].sort((a, b) => b.addresses - a.addresses).values();
  const work = async (): Promise<void> => {
    for (const { domain } of queue)
      found.set(domain, clock.now() < end ? await mailHostOf(resolver, domain) : { kind: 'unknown' });
  };
  await Promise.all(Array.from({ length: parallel }, work));
  return found;
}

async function mailHostOf(resolver: Resolver, domain: string): Promise<MailHost> {
  if (isAddressLiteral(domain)) return { kind: 'operator', name: domain, hosts: 1 };
  const answer = await resolver.mx(domain);
  switch (answer.kind) {
    case 'found': {
      const named = answer.records.filter(({ exchange }) => exchange !== '');
      const [best] = named.toSorted((a, b) => a.preference - b.preference);
      return best
        ? { kind: 'operator', name: operatorName(best.exchange), hosts: named.length }
        : { kind: 'none' }; // a null MX: RFC 7505 3
    }
    case 'no-data':
      return implicitHost(resolver, domain);
    case 'no-such-domain':
      return { kind: 'none' };
    case 'failed':
      return { kind: 'unknown' };
    default:
      return answer satisfies never;
  }
}

async function implicitHost(resolver: Resolver, domain: string): Promise<MailHost> {
  const answers = await Promise.all(([4, 6] as const).map((family) => resolver.addresses(domain, family)));
  if (answers.some(({ kind }) => kind === 'found'))
    return { kind: 'operator', name: operatorName(domain), hosts: 1 };
  return { kind: answers.some(({ kind }) => kind === 'failed') ? 'unknown' : 'none' };
}
