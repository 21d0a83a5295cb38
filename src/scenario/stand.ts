import { seededRandom } from '../chance/seeded-random.ts';
import { SystemResolver } from '../dns/system-resolver.ts';
import type { Zone } from '../dns/zone.ts';
import { ZoneResolver } from '../dns/zone-resolver.ts';
import type { Dial, Environment } from '../probe/environment.ts';
import { Lab } from '../sim/lab.ts';
import type { ProviderShelf } from '../sim/load-profiles.ts';
import type { Clock } from '../time/clock.ts';
import { AddressPlan } from '../world/address-plan.ts';
import { type Endpoint, readEndpoint } from '../world/endpoint.ts';
import type { HostSource } from '../world/host-source.ts';
import { populate, portOf } from '../world/populate.ts';
import { asksWorld } from './beyond-lab.ts';
import { interruptible } from './interruptible-dial.ts';
import type { Scenario } from './scenario.ts';

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
  endpoint(host: string): Endpoint;
  /** The provider whose profile a host follows; `undefined` for a real one. */
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
  /** Breaks off every connection of the client. */
  readonly signal: AbortSignal;
}

/** What belongs to one host while the stand is set up. */
interface Placed {
  readonly name: string;
  readonly host: HostSource;
  readonly addresses: readonly string[];
}

/** With a target and no host to stand in for, every domain is served by it. */
const everywhere: Zone = { '*': { a: ['192.0.2.1'] } };

/** Starts the simulated hosts of a scenario and lays out addresses and zone for them. */
export async function setUpStand(scenario: Scenario, options: StandOptions): Promise<Stand> {
  const { clock, seed, target } = options;
  const lab = new Lab({ clock, seed });
  const plan = new AddressPlan(scenario);
  const hosts = Object.entries(scenario.hosts).map(
    ([name, host]): Placed => ({ name, host, addresses: plan.of(name) }),
  );
  const simulated = target ? absences(scenario.hosts) : scenario.hosts;
  const providers = await populate(lab, simulated, plan, options.shelf).catch(async (error) => {
    await lab.close();
    throw error;
  });
  const inWorld = asksWorld(scenario) && !target;
  const zone = asksWorld(scenario) ? everywhere : plan.zone;
  return {
    environment: {
      clock,
      resolver: inWorld ? new SystemResolver() : new ZoneResolver(zone, clock),
      dial: interruptible(inWorld ? options.dialWorld : leadDial(lab, hosts, options), options.signal),
      random: seededRandom(`${seed} client`),
      ...(target || inWorld ? {} : { authorities: lab.authorities }),
    },
    lab,
    endpoint(name) {
      const there = endpointOf(hosts.find((placed) => placed.name === name));
      return target ? { ...there, address: target.host, port: target.port } : there;
    },
    provider: (name) => providers.get(name),
    close: () => lab.close(),
  };
}

/** With a target nothing is simulated but that nobody is there. */
function absences(hosts: Readonly<Record<string, HostSource>>): Record<string, HostSource> {
  return Object.fromEntries(
    Object.entries(hosts).filter(([, host]) => typeof host === 'object' && 'absent' in host),
  );
}

/** Leads simulated addresses to the lab, declared real hosts to themselves, and with a target everything to it. */
function leadDial(lab: Lab, hosts: readonly Placed[], { target, dialWorld }: StandOptions): Dial {
  const real = new Map(
    hosts.flatMap(({ host, addresses }) =>
      typeof host === 'object' && 'address' in host
        ? addresses.map((address) => [address, readEndpoint(host.address)] as const)
        : [],
    ),
  );
  return (to, signal) => {
    if (target) return dialWorld({ address: target.host, port: target.port }, signal);
    const host = real.get(to.address);
    return host ? dialWorld({ address: host.address, port: host.port }, signal) : lab.dial(to, signal);
  };
}

function endpointOf(placed: Placed | undefined): Endpoint {
  const { host, addresses } = placed ?? { host: '', addresses: [] };
  return { address: addresses[0] ?? '192.0.2.1', ...portOf(host) };
}
