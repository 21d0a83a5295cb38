import { randomUUID } from 'node:crypto';
import { seededRandom } from '../chance/seeded-random.ts';
import { SystemResolver } from '../dns/system-resolver.ts';
import type { Environment } from '../probe/environment.ts';
import { isLoopback, liveDial } from '../probe/live-dial.ts';
import { NotInLabError } from '../sim/lab.ts';
import { RealClock } from '../time/real-clock.ts';
import { readEndpoint } from '../world/endpoint.ts';
import { startLab } from '../world/start-lab.ts';
import { UsageError } from './exit.ts';

export interface DoorFlags {
  readonly live?: boolean;
  readonly world?: string;
  readonly dns?: readonly string[];
  readonly seed?: string;
}

/** The doors that a verifier goes through, and how to close them. */
export interface VerifyDoors {
  readonly environment: Environment;
  /** Time is simulated. */
  readonly simulated: boolean;
  close(): Promise<void>;
}

/**
 * The world's doors with `--live`, those of a simulated one with `--world`, and otherwise those of this machine alone: hosts on loopback
 * addresses, and name servers there that are named; the usual one may sit there too, and ask the world. Throws a UsageError where that leaves nobody to ask, a WorldError for a world that is wrong.
 */
export async function openVerifyDoors({
  live = false,
  world,
  dns = [],
  seed,
}: DoorFlags): Promise<VerifyDoors> {
  if (world !== undefined) {
    if (live) throw new UsageError('--world is a simulated one: leave out --live.');
    const lab = await startLab(world, { clock: 'virtual', ...(seed === undefined ? {} : { seed }) });
    const { clock, resolver, random } = lab;
    const environment = { clock, resolver, random, dial: bounded(lab.dial) };
    return { environment, simulated: true, close: () => lab.close() };
  }
  if (!live && (dns.length === 0 || !dns.every((server) => isLoopback(readEndpoint(server).address))))
    throw new UsageError(
      'this would ask name servers and mail hosts outside of this machine: nothing was asked. Add --live, or --world FILE to ask a simulated one, or --dns 127.0.0.1:PORT of mxlab serve.',
    );
  const clock = new RealClock();
  const environment: Environment = {
    clock,
    resolver: new SystemResolver(dns.length > 0 ? { servers: dns } : {}),
    dial: liveDial({ live, clock }),
    random: seededRandom(seed ?? randomUUID()),
  };
  return { environment, simulated: false, close: async () => {} };
}

/** A list may name addresses of its own, such as `ada@[198.51.100.9]`: those that a world does not have lead nowhere. */
function bounded(dial: Environment['dial']): Environment['dial'] {
  return (to, signal) =>
    dial(to, signal).catch((error: unknown) => {
      if (!(error instanceof NotInLabError)) throw error;
      throw Object.assign(new Error(error.message), { code: 'EHOSTUNREACH' });
    });
}
