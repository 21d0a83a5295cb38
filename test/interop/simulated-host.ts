import { seededRandom } from '../../src/chance/seeded-random.ts';
import { isProfile, ProviderShelf } from '../../src/sim/load-profiles.ts';
import { hostOverridesSchema, type ProviderProfile } from '../../src/sim/profile.ts';
import { SimulatedHost } from '../../src/sim/simulated-host.ts';
import { RealClock } from '../../src/time/real-clock.ts';
import { ScaledClock } from '../../src/time/scaled-clock.ts';

/** Overrides as a scenario writes them, and what the host is called. */
export interface HostWish {
  readonly name?: string;
  readonly implicitTls?: boolean;
  /** How many times as fast as real time goes: for hosts that greet slowly. */
  readonly pace?: number;
  readonly situation?: string | readonly string[];
  readonly accent?: Readonly<Record<string, unknown>>;
  readonly mailboxes?: Readonly<Record<string, string>>;
  readonly behaviours?: readonly Readonly<Record<string, unknown>>[];
}

export const shelf = new ProviderShelf();

/** Throws an Error where there is no such profile, or a broken one. */
export async function readProfile(provider: string): Promise<ProviderProfile> {
  const profile = await shelf.get(provider);
  if (isProfile(profile)) return profile;
  throw new Error(`the profile ${provider} cannot be read: ${JSON.stringify(profile)}`);
}

/** Starts a simulated host on a loopback port, in real time, for peers that know nothing of virtual clocks. */
export async function startHost(
  provider: string,
  { name = 'mx.example.net', implicitTls = false, pace, ...overrides }: HostWish = {},
): Promise<SimulatedHost> {
  return SimulatedHost.start({
    name,
    profile: await readProfile(provider),
    overrides: hostOverridesSchema.parse(overrides),
    clock: pace === undefined ? new RealClock() : new ScaledClock(pace),
    random: seededRandom('interop'),
    implicitTls,
    listen: { address: '127.0.0.1', port: 0 },
  });
}
