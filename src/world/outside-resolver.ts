import { isIP } from 'node:net';
import type { Lookup, MxRecord, Resolver } from '../dns/resolver.ts';

/** A way into the lab. */
export interface WayIn {
  readonly host: string;
  /** The simulated address. */
  readonly from: string;
  /** The address at which the host really listens. */
  readonly to: string;
}

/**
 * What programs outside of the lab are told: as the zone says, with the addresses at which hosts really listen in place of
 * the simulated ones.
 */
export class OutsideResolver implements Resolver {
  readonly #zone: Resolver;
  readonly #ways: readonly WayIn[];
  readonly #doors: ReadonlyMap<string, string>;

  constructor(zone: Resolver, ways: readonly WayIn[]) {
    this.#zone = zone;
    this.#ways = ways;
    this.#doors = new Map(ways.map(({ from, to }) => [from, to]));
  }

  mx(domain: string): Promise<Lookup<MxRecord>> {
    return this.#zone.mx(domain);
  }

  txt(domain: string): Promise<Lookup<string>> {
    return this.#zone.txt(domain);
  }

  async addresses(host: string, family: 4 | 6): Promise<Lookup<string>> {
    const found = await this.#zone.addresses(host, family);
    if (found.kind !== 'found') return found;
    const real = found.records.map((address) => this.#doors.get(address) ?? address);
    const records = [...new Set(real)].filter((address) => isIP(address) === family);
    return records.length > 0 ? { ...found, records } : { kind: 'no-data' };
  }

  /** Where one host alone listens: what the zone says of its simulated address, and its name where the zone says nothing. */
  async ptr(address: string): Promise<Lookup<string>> {
    const ways = this.#ways.filter(({ to }) => to === address);
    const [way] = ways;
    if (!way || ways.some(({ host }) => host !== way.host)) return this.#zone.ptr(address);
    for (const { from } of ways) {
      const said = await this.#zone.ptr(from);
      if (said.kind !== 'no-such-domain') return said;
    }
    return { kind: 'found', records: [way.host] };
  }
}
