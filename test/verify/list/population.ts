import { seededRandom } from '../../../src/chance/seeded-random.ts';
import { isProfile, ProviderShelf } from '../../../src/sim/load-profiles.ts';
import type { HostLike } from '../../../src/world/host-source.ts';
import type { WorldLike } from '../../../src/world/start-lab.ts';

/** Whom a host takes: those called `real` with anything behind a plus sign, and nobody else. */
const mailboxes = { '*': 'unknown', real: 'exists' };

/** Kinds of domains, each with its share of ten. */
const kinds = {
  strict: { share: 4, host: { provider: 'postfix', mailboxes } },
  'catch-all': { share: 2, host: { provider: 'accept-all' } },
  greylist: { share: 1, host: { provider: 'greylister', mailboxes } },
  flaky: {
    share: 1,
    host: { provider: 'postfix', mailboxes, behaviours: [{ disconnect: { at: 'rcpt', every: 7 } }] },
  },
  'one-each': { share: 1, host: { provider: 'outlook', situation: 'second-recipient', mailboxes } },
  slow: {
    share: 1,
    host: { provider: 'postfix', mailboxes, behaviours: [{ tarpit: { delay: '8s', at: 'rcpt' } }] },
  },
} satisfies Record<string, { readonly share: number; readonly host: HostLike }>;

export type DomainKind = keyof typeof kinds;

/** Domains that each have an exchanger of their own, which is an operator of its own. */
export interface Population {
  readonly world: WorldLike;
  /** Where its providers are to be had. */
  readonly shelf: ProviderShelf;
  readonly domains: readonly { readonly name: string; readonly kind: DomainKind }[];
}

/** So many domains, drawn by the shares of their kinds. */
export function population(count: number, seed: string): Population {
  const random = seededRandom(`population ${seed}`);
  const weighted = (Object.keys(kinds) as DomainKind[]).flatMap((kind) =>
    Array.from({ length: kinds[kind].share }, () => kind),
  );
  const domains = Array.from({ length: count }, (_, i) => ({
    name: `d${i}.example`,
    kind: weighted[Math.floor(random() * weighted.length)] as DomainKind,
  }));
  const hosts = domains.map(({ name, kind }, i): [string, HostLike] => {
    const { host } = kinds[kind];
    return [`mx.${name}`, { ...host, provider: `${host.provider}#${i}` }];
  });
  return { world: { hosts: Object.fromEntries(hosts) }, shelf: new ApartShelf(), domains };
}

/** Gives `postfix#17`: Postfix, whose hosts have no memory in common with `postfix#18`. Hosts of one provider share theirs. */
class ApartShelf extends ProviderShelf {
  override async get(name: string): ReturnType<ProviderShelf['get']> {
    const profile = await super.get(name.replace(/#.*/, ''));
    return isProfile(profile) ? { ...profile, provider: name } : profile;
  }
}

/** An address of a list over a population, and what is true of it. */
export interface Inhabitant {
  readonly key: number;
  readonly address: string;
  readonly kind: DomainKind;
  readonly exists: boolean;
}

/** Addresses one after the other, from domain to domain; seven of ten exist. */
export function* inhabitants({ domains }: Population, count: number, seed: string): Generator<Inhabitant> {
  const random = seededRandom(`inhabitants ${seed}`);
  for (let key = 0; key < count; key++) {
    const { name, kind } = domains[key % domains.length] as Population['domains'][number];
    const exists = random() < 0.7;
    yield { key, address: `${exists ? 'real+' : 'gone'}${key}@${name}`, kind, exists };
  }
}

/** Whether a verdict is what the hosts were made to be. On a domain that takes everybody, that is all there is to find out. */
export function isRight(verdict: string, { kind, exists }: Inhabitant): boolean {
  if (kind === 'catch-all') return verdict === 'accept-all';
  return verdict === (exists ? 'deliverable' : 'undeliverable');
}
