import { isIP } from 'node:net';
import type { Zone, ZoneRecords } from '../dns/zone.ts';
import type { HostSource } from './host-source.ts';

/**
 * The addresses of a world's hosts (RFC 5737: 192.0.2.0/24 where nothing else is said, RFC 2544: 198.18.0.0/15 where that is
 * full) and its zone: the one it has, or each host as an exchanger of its parent domain, in the order in which they stand.
 */
export class AddressPlan {
  readonly zone: Zone;
  readonly #hosts = new Map<string, readonly string[]>();
  #next = 1;

  constructor({
    hosts,
    zone,
  }: { readonly hosts: Readonly<Record<string, HostSource>>; readonly zone?: Zone | undefined }) {
    const records: Record<string, ZoneRecords> = { ...zone };
    const taken = new Set([
      ...Object.values(records).flatMap(addressesOf),
      ...Object.values(hosts).flatMap((host) => addressesGiven(host) ?? []),
    ]);
    for (const [name, host] of Object.entries(hosts)) {
      const own = Object.entries(records).find(
        ([written]) => written.toLowerCase() === name.toLowerCase(),
      )?.[1];
      const addresses = addressesGiven(host) ?? addressesOf(own ?? {});
      this.#hosts.set(name, addresses.length > 0 ? addresses : [this.#nextFree(taken)]);
      if (!own && isIP(name) === 0) records[name] = addressRecords(this.of(name));
    }
    this.zone = zone ? records : { ...records, ...exchangersOf(Object.keys(hosts)) };
  }

  #nextFree(taken: ReadonlySet<string>): string {
    for (;;) {
      const n = this.#next++;
      const address = n < 255 ? `192.0.2.${n}` : `198.18.${n >> 8}.${n & 255}`;
      if (!taken.has(address)) return address;
    }
  }

  /** The addresses of a host, at least one. */
  of(name: string): readonly string[] {
    return this.#hosts.get(name) ?? [];
  }

  /** Addresses that the zone names and no host has: nobody listens there. */
  vacant(): string[] {
    const taken = new Set([...this.#hosts.values()].flat());
    return Object.values(this.zone)
      .flatMap(addressesOf)
      .filter((address) => !taken.has(address));
  }
}

function addressesGiven(host: HostSource): readonly string[] | undefined {
  return typeof host === 'object' && 'addresses' in host ? host.addresses : undefined;
}

function addressesOf({ a = [], aaaa = [] }: ZoneRecords): readonly string[] {
  return [...a, ...aaaa];
}

function addressRecords(addresses: readonly string[]): ZoneRecords {
  return {
    a: addresses.filter((text) => isIP(text) === 4),
    aaaa: addresses.filter((text) => isIP(text) === 6),
  };
}

function exchangersOf(hosts: readonly string[]): Record<string, ZoneRecords> {
  const domains: Record<string, { mx: { preference: number; exchange: string }[] }> = {};
  for (const host of hosts) {
    const domain = host.slice(host.indexOf('.') + 1);
    domains[domain] ??= { mx: [] };
    domains[domain].mx.push({ preference: 10 * (domains[domain].mx.length + 1), exchange: host });
  }
  return domains;
}
