import { isIP } from 'node:net';
import type { Lookup, MxRecord, Resolver } from '../dns/resolver.ts';

/**
 * What programs outside of the lab are told: as the zone says, with the addresses at which hosts really listen in place of
 * the simulated ones. `doors` leads from simulated addresses to real ones.
 */
export class OutsideResolver implements Resolver {
  readonly #zone: Resolver;
  readonly #doors: ReadonlyMap<string, string>;

  constructor(zone: Resolver, doors: ReadonlyMap<string, string>) {
    this.#zone = zone;
    this.#doors = doors;
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

  /** The name of an address at which a host listens is that of the simulated one, where only one host listens there. */
  ptr(address: string): Promise<Lookup<string>> {
    const simulated = [...this.#doors].filter(([, real]) => real === address).map(([from]) => from);
    return this.#zone.ptr(simulated.length === 1 ? (simulated[0] ?? address) : address);
  }
}
