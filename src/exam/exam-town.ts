import type { Lookup, MxRecord, Resolver } from '../dns/resolver.ts';
import { ZoneResolver } from '../dns/zone-resolver.ts';
import type { ProviderShelf } from '../sim/load-profiles.ts';
import { RealClock } from '../time/real-clock.ts';
import type { HostSource } from '../world/host-source.ts';
import { type NetworkPlan, networkPlan } from '../world/network-plan.ts';
import type { RunningLab } from '../world/running-lab.ts';
import { type Pace, startWorld } from '../world/start-lab.ts';
import { type World, worldOf } from '../world/world.ts';
import type { ExamCase } from './load-cases.ts';

/** A case and the world it takes place in. */
export interface Lot {
  readonly exam: ExamCase;
  readonly world: World;
}

/** The worlds of all cases side by side: no two hosts have an address in common, unless a case says which it must be. */
export function lotsOf(cases: readonly ExamCase[]): readonly Lot[] {
  let next = 0;
  const free = (): string => {
    next++;
    return `198.18.${next >> 8}.${next & 255}`;
  };
  return cases.map((exam) => {
    const world = worldOf({ world: exam.exam, ...exam });
    const hosts = Object.entries(world.hosts).map(([name, host]): [string, HostSource] => {
      const given = exam.zone?.[name]?.a ?? exam.zone?.[name]?.aaaa;
      const placed = typeof host === 'object' && ('addresses' in host || 'address' in host);
      if (given || placed) return [name, host];
      return [
        name,
        typeof host === 'string' ? { provider: host, addresses: [free()] } : { ...host, addresses: [free()] },
      ];
    });
    return { exam, world: { ...world, hosts: Object.fromEntries(hosts) } };
  });
}

/** What a network needs for all of them. */
export function townPlan(lots: readonly Lot[]): NetworkPlan {
  const plans = lots.map(({ world }) => networkPlan(world));
  return {
    local: [...new Set(plans.flatMap(({ local }) => local))],
    silent: plans.flatMap(({ silent }) => silent),
    unreachable: plans.flatMap(({ unreachable }) => unreachable),
  };
}

/** Cases that run, and one name system for all. */
export interface Town {
  readonly labs: ReadonlyMap<ExamCase, RunningLab>;
  readonly resolver: Resolver;
  close(): Promise<void>;
}

/** Starts the hosts of all cases at the addresses of the plan. */
export async function startTown(
  lots: readonly Lot[],
  { clock, seed, shelf }: { readonly clock: Pace; readonly seed: string; readonly shelf: ProviderShelf },
): Promise<Town> {
  const labs = new Map<ExamCase, RunningLab>();
  for (const { exam, world } of lots)
    labs.set(exam, await startWorld(world, { address: 'planned', clock, seed, shelf }));
  const close = async (): Promise<void> => {
    await Promise.all([...labs.values()].map((lab) => lab.close()));
  };
  return { labs, resolver: new TownResolver([...labs.values()]), close };
}

/** Asks the world that has a name; a name that none has does not exist. */
class TownResolver implements Resolver {
  readonly #byName = new Map<string, Resolver>();
  readonly #byAddress = new Map<string, Resolver>();
  readonly #nobody = new ZoneResolver({}, new RealClock());

  constructor(labs: readonly RunningLab[]) {
    for (const { zone, outsideResolver } of labs) {
      for (const [name, { a = [], aaaa = [] }] of Object.entries(zone)) {
        this.#byName.set(plain(name), outsideResolver);
        for (const address of [...a, ...aaaa]) this.#byAddress.set(address, outsideResolver);
      }
    }
  }

  mx(domain: string): Promise<Lookup<MxRecord>> {
    return this.#of(domain).mx(domain);
  }

  addresses(host: string, family: 4 | 6): Promise<Lookup<string>> {
    return this.#of(host).addresses(host, family);
  }

  txt(domain: string): Promise<Lookup<string>> {
    return this.#of(domain).txt(domain);
  }

  ptr(address: string): Promise<Lookup<string>> {
    return (this.#byAddress.get(address) ?? this.#nobody).ptr(address);
  }

  #of(name: string): Resolver {
    return this.#byName.get(plain(name)) ?? this.#nobody;
  }
}

const plain = (name: string): string => name.toLowerCase().replace(/\.$/, '');
