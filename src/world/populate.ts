import type { Lab, LabHostOptions } from '../sim/lab.ts';
import { isProfile, type ProviderShelf } from '../sim/load-profiles.ts';
import type { ProviderProfile } from '../sim/profile.ts';
import type { AddressPlan } from './address-plan.ts';
import { type HostSource, providerOf } from './host-source.ts';

/** How the hosts of a lab are started besides what they are. */
type Listening = NonNullable<LabHostOptions['listen']>;

/**
 * Starts the simulated hosts and declares the absences. Resolves to the provider of each host that follows one. Rejects
 * with a system error where a host cannot listen; hosts that have been started are the lab's to close.
 */
export async function populate(
  lab: Lab,
  hosts: Readonly<Record<string, HostSource>>,
  plan: AddressPlan,
  shelf: ProviderShelf,
  listening: (name: string, host: HostSource) => Listening | undefined = () => undefined,
): Promise<ReadonlyMap<string, string>> {
  const providers = new Map<string, string>();
  for (const address of plan.vacant()) lab.declareAbsent(address, 'refused');
  for (const [name, host] of Object.entries(hosts)) {
    const addresses = plan.of(name);
    const provider = providerOf(host);
    if (typeof host === 'object' && 'absent' in host) {
      for (const address of addresses) lab.declareAbsent(address, host.absent);
    }
    if (provider === undefined) continue;
    const profile = await profileOf(provider, shelf);
    const listen = listening(name, host);
    providers.set(name, profile.provider);
    await lab.add(name, {
      profile,
      addresses,
      ...portOf(host),
      ...(listen ? { listen } : {}),
      ...(typeof host === 'string' || !('provider' in host) ? {} : { overrides: host }),
    });
  }
  return providers;
}

/** The port of a simulated host: 25, or 465 where TLS comes first. RFC 8314 3.3 */
export function portOf(host: HostSource): { readonly port: number; readonly implicitTls: boolean } {
  const implicitTls = typeof host === 'object' && 'provider' in host && host.tls === 'implicit';
  const port = typeof host === 'object' && 'provider' in host ? host.port : undefined;
  return { port: port ?? (implicitTls ? 465 : 25), implicitTls };
}

async function profileOf(name: string, shelf: ProviderShelf): Promise<ProviderProfile> {
  const profile = await shelf.get(name);
  if (!isProfile(profile)) throw new TypeError(`there is no provider called ${name}`);
  return profile;
}
