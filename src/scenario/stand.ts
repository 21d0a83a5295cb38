import { isIP } from 'node:net';
import { seededRandom } from '../chance/seeded-random.ts';
import type { Resolver } from '../dns/resolver.ts';
import { SystemResolver } from '../dns/system-resolver.ts';
import { ZoneResolver } from '../dns/zone-resolver.ts';
import type { Zone } from '../dns/zone.ts';
import type { Dial, Environment } from '../probe/environment.ts';
import { isProfile, type ProviderShelf } from '../sim/load-profiles.ts';
import { type Absence, Lab } from '../sim/lab.ts';
import type { ProviderProfile } from '../sim/profile.ts';
import type { Clock } from '../time/clock.ts';
import type { HostSource, Scenario } from './scenario.ts';

/** A real host to send to instead of the simulated ones. */
export interface Target {
  readonly host: string;
  readonly port: number;
}

/** What a scenario runs in: its hosts, and the doors for the client. */
export interface Stand {
  readonly environment: Environment;
  readonly lab: Lab;
  /** Where a host of the scenario is to be reached. */
  endpoint(host: string): { readonly address: string; readonly port: number; readonly implicitTls: boolean };
  provider(host: string): string | undefined;
  close(): Promise<void>;
}

export interface StandOptions {
  readonly clock: Clock;
  readonly seed: string;
  readonly shelf: ProviderShelf;
  /** Dials the world, for real hosts and for the target; refuses what may not be dialled. */
  readonly dialWorld: Dial;
  readonly target?: Target | undefined;
}

interface Endpoint {
  readonly address: string;
  readonly port: number;
  readonly implicitTls: boolean;
}

/** Starts the simulated hosts of a scenario and lays out addresses and zone for them. */
export async function setUpStand(scenario: Scenario, options: StandOptions): Promise<Stand> {
  const lab = new Lab({ clock: options.clock, seed: options.seed });
  const endpoints = new Map<string, Endpoint>();
  const providers = new Map<string, string>();
  const real = new Map<string, Endpoint>();
  const addresses = new AddressPlan(scenario);
  for (const [name, host] of Object.entries(scenario.hosts)) {
    const at = addresses.of(name, host);
    const first = at[0] ?? '192.0.2.1';
    endpoints.set(name, { address: first, port: portOf(host), implicitTls: isImplicit(host) });
    if (typeof host === 'object' && 'address' in host) real.set(first, splitEndpoint(host.address));
    else if (typeof host === 'object' && 'absent' in host) for (const address of at) lab.declareAbsent(address, host.absent as Absence);
    else if (!options.target) {
      const profile = await profileOf(host, options.shelf);
      providers.set(name, profile.provider);
      await lab.add(name, { profile, addresses: at, port: portOf(host), implicitTls: isImplicit(host), ...(typeof host === 'string' ? {} : { overrides: host }) });
    }
  }
  for (const address of addresses.declared()) if (!addresses.taken(address)) lab.declareAbsent(address, 'refused');
  const random = seededRandom(`${options.seed} client`);
  const resolver: Resolver = new ZoneResolver(addresses.zone(), options.clock);
  const dial = leadDial(lab, real, options);
  return {
    environment: { clock: options.clock, resolver, dial, random },
    lab,
    endpoint: (name) => endpoints.get(name) ?? { address: name, port: 25, implicitTls: false },
    provider: (name) => providers.get(name),
    close: () => lab.close(),
  };
}

/** The system's own DNS, for runs that look up real domains. */
export function systemResolver(): Resolver {
  return new SystemResolver();
}

/** Leads simulated addresses to the lab, declared real hosts to themselves, and with a target everything to it. */
function leadDial(lab: Lab, real: ReadonlyMap<string, Endpoint>, { target, dialWorld }: StandOptions): Dial {
  return (to, signal) => {
    if (target) return dialWorld({ address: target.host, port: target.port }, signal);
    const host = real.get(to.address);
    return host ? dialWorld({ address: host.address, port: host.port }, signal) : lab.dial(to, signal);
  };
}

async function profileOf(host: HostSource, shelf: ProviderShelf): Promise<ProviderProfile> {
  const name = typeof host === 'string' ? host : 'provider' in host ? host.provider : '';
  const profile = await shelf.get(name);
  if (!isProfile(profile)) throw new TypeError(`provider ${name} was there when the scenario was loaded and is not now`);
  return profile;
}

function portOf(host: HostSource): number {
  if (typeof host !== 'object' || !('provider' in host)) return 25;
  return host.port ?? (host.tls === 'implicit' ? 465 : 25);
}

function isImplicit(host: HostSource): boolean {
  return typeof host === 'object' && 'tls' in host && host.tls === 'implicit';
}

/** `127.0.0.1:2525`, `[::1]:2525`, `mx.example.net`. */
export function splitEndpoint(text: string): Endpoint {
  const found = /^(\[[^\]]+\]|[^:]+)(?::(\d+))?$/.exec(text);
  return { address: (found?.[1] ?? text).replace(/^\[|\]$/g, ''), port: Number(found?.[2] ?? 25), implicitTls: false };
}

/** Gives hosts addresses (RFC 5737: 192.0.2.0/24) and, where the scenario has no zone of its own, MX records. */
class AddressPlan {
  readonly #zone: Zone;
  readonly #hosts = new Map<string, readonly string[]>();
  #next = 1;

  constructor(scenario: Scenario) {
    const records: Record<string, unknown> = { ...scenario.zone };
    const declared = Object.entries(records).map(([name, record]) => [name.toLowerCase(), record as { a?: string[]; aaaa?: string[] }] as const);
    for (const [name, host] of Object.entries(scenario.hosts)) {
      const given = typeof host === 'object' && 'addresses' in host ? host.addresses : undefined;
      const own = declared.find(([key]) => key === name.toLowerCase())?.[1];
      const at = given ?? [...(own?.a ?? []), ...(own?.aaaa ?? [])];
      const addresses = at.length > 0 ? at : [`192.0.2.${this.#next++}`];
      this.#hosts.set(name, addresses);
      if (own || isIP(name)) continue;
      records[name] = { a: addresses.filter((a) => isIP(a) === 4), aaaa: addresses.filter((a) => isIP(a) === 6) };
    }
    if (!scenario.zone) addExchangers(records, Object.keys(scenario.hosts));
    this.#zone = records as Zone;
  }

  of(name: string, _host: HostSource): readonly string[] {
    return this.#hosts.get(name) ?? [];
  }

  taken(address: string): boolean {
    return [...this.#hosts.values()].some((addresses) => addresses.includes(address));
  }

  /** Every address that the zone names. */
  declared(): string[] {
    return Object.values(this.#zone).flatMap((record) => [...(record.a ?? []), ...(record.aaaa ?? [])]);
  }

  zone(): Zone {
    return this.#zone;
  }
}

/** Each host is an exchanger of its parent domain, in the order in which they stand. */
function addExchangers(records: Record<string, unknown>, hosts: readonly string[]): void {
  const exchangers = new Map<string, { preference: number; exchange: string }[]>();
  for (const host of hosts) {
    const parent = host.slice(host.indexOf('.') + 1);
    const list = exchangers.get(parent) ?? [];
    exchangers.set(parent, [...list, { preference: 10 * (list.length + 1), exchange: host }]);
  }
  for (const [parent, mx] of exchangers) records[parent] = { ...(records[parent] as object), mx };
}
