import net, { isIPv4, type Socket } from 'node:net';
import { seededRandom } from '../chance/seeded-random.ts';
import type { Clock } from '../time/clock.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import type { DialogueListener } from './host-dialogue.ts';
import { LabWires } from './lab-wires.ts';
import { HostMemory } from './memory.ts';
import type { HostOverrides, ProviderProfile } from './profile.ts';
import { type Door, SimulatedHost } from './simulated-host.ts';

/** Where probes come from when nothing else is said: TEST-NET-3, RFC 5737. */
export const usualClient = '203.0.113.10';

/** How an address behaves at which no host listens. */
export type Absence = 'refused' | 'no-route' | 'timed-out';

export interface LabHostOptions {
  readonly profile: ProviderProfile;
  readonly overrides?: HostOverrides;
  /** Simulated addresses; several lead to the same host. */
  readonly addresses: readonly string[];
  /** 25 unless said otherwise. */
  readonly port?: number;
  readonly implicitTls?: boolean;
  /** Also listens where programs outside of the lab can come: their address is the client's. */
  readonly listen?: Door;
}

export interface LabOptions {
  readonly clock: Clock;
  readonly seed: string | number;
  /** Hears every dialogue of every host. */
  readonly listener?: DialogueListener;
}

/** Somebody asked the lab for an address that was never declared. */
export class NotInLabError extends Error {
  constructor(address: string, known: readonly string[]) {
    super(
      `The lab has no host at ${address}, and the lab never dials the real one. ` +
        `Addresses in this lab: ${known.join(', ') || 'none'}. To probe real hosts, use --target and --live.`,
    );
    this.name = 'NotInLabError';
  }
}

/**
 * A set of simulated hosts with one clock. Hosts listen on loopback; the lab's dial leads simulated addresses to them and
 * names the client in a PROXY line, so that neither side can tell the lab from the world.
 */
export class Lab {
  readonly clock: Clock;
  readonly seed: string | number;
  readonly #hosts = new Map<string, SimulatedHost>();
  readonly #listening = new Map<string, SimulatedHost>();
  readonly #absent = new Map<string, Absence>();
  readonly #memories = new Map<string, HostMemory>();
  /** Only simulated time has to wait for bytes under way. */
  readonly #wires: LabWires | undefined;
  readonly #unwatch: () => void;
  readonly #listener: DialogueListener | undefined;
  #dialogues = 0;

  constructor({ clock, seed, listener }: LabOptions) {
    this.clock = clock;
    this.#listener = listener;
    this.seed = seed;
    this.#wires = clock instanceof VirtualClock ? new LabWires() : undefined;
    this.#unwatch = this.#wires ? clock.watchWire(this.#wires.inFlight) : () => {};
  }

  get hosts(): ReadonlyMap<string, SimulatedHost> {
    return this.#hosts;
  }

  async add(
    name: string,
    { profile, overrides, addresses, port = 25, implicitTls = false, listen }: LabHostOptions,
  ): Promise<SimulatedHost> {
    const wires = this.#wires;
    const host = await SimulatedHost.start({
      name,
      profile,
      ...(overrides ? { overrides } : {}),
      clock: this.clock,
      random: seededRandom(`${this.seed} ${name}`),
      memory: this.#memoryOf(profile.provider),
      proxied: true,
      implicitTls,
      ...(listen ? { listen } : {}),
      ...(this.#listener ? { listener: this.#listener } : {}),
      nextDialogueId: () => ++this.#dialogues,
      ...(wires ? { onAccept: (socket: Socket) => wires.accepted(socket) } : {}),
    });
    this.#hosts.set(name, host);
    for (const address of addresses) this.#listening.set(endpoint(address, port), host);
    return host;
  }

  /** Declares an address at which nobody listens, and how it shows. */
  declareAbsent(address: string, absence: Absence): void {
    this.#absent.set(address, absence);
  }

  /**
   * Connects to a simulated address from a simulated client address. Rejects with a system error's code where nobody
   * listens, with a NotInLabError for an address that was never declared.
   */
  readonly dial = async (
    to: { address: string; port: number; from?: string },
    signal: AbortSignal,
  ): Promise<Socket> => {
    const host = this.#listening.get(endpoint(to.address, to.port));
    if (!host) return this.#miss(to.address, signal);
    const socket = net.connect({ host: '127.0.0.1', port: host.labPort, noDelay: true, signal });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    this.#wires?.connected(socket);
    const from = to.from ?? usualClient;
    socket.write(
      `PROXY ${isIPv4(from) ? 'TCP4' : 'TCP6'} ${from} ${to.address} ${socket.localPort} ${to.port}\r\n`,
    );
    return socket;
  };

  /** The root that signs the hosts' certificates, for clients that want to verify. PEM */
  readonly authorities = async (): Promise<string> => (await import('./certificates.ts')).labRoot();

  async close(): Promise<void> {
    this.#unwatch();
    await Promise.all([...this.#hosts.values()].map((host) => host.close()));
  }

  #miss(address: string, signal: AbortSignal): Promise<Socket> {
    const declared = [...this.#listening.keys(), ...this.#absent.keys()].map((key) =>
      key.replace(/ \d+$/, ''),
    );
    const absence = this.#absent.get(address) ?? (declared.includes(address) ? 'refused' : undefined);
    if (absence === undefined) return Promise.reject(new NotInLabError(address, [...new Set(declared)]));
    if (absence === 'timed-out') {
      return new Promise((_, reject) => {
        if (signal.aborted) reject(signal.reason);
        else signal.addEventListener('abort', () => reject(signal.reason), { once: true });
      });
    }
    const code = absence === 'refused' ? 'ECONNREFUSED' : 'EHOSTUNREACH';
    return Promise.reject(Object.assign(new Error(`connect ${code} ${address}`), { code }));
  }

  /** Hosts of one provider know the same clients and tuples (rule GRY-04). */
  #memoryOf(provider: string): HostMemory {
    const memory = this.#memories.get(provider) ?? new HostMemory();
    this.#memories.set(provider, memory);
    return memory;
  }
}

function endpoint(address: string, port: number): string {
  return `${address} ${port}`;
}
