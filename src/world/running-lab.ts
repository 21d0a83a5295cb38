import { seededRandom } from '../chance/seeded-random.ts';
import { judgeValue } from '../datafile/validate.ts';
import type { Resolver } from '../dns/resolver.ts';
import type { Zone } from '../dns/zone.ts';
import type { DialogueListener, HostDialogue } from '../sim/host-dialogue.ts';
import type { Lab } from '../sim/lab.ts';
import { memorySchema, type SavedMemory } from '../sim/memory.ts';
import type { FaultPlan, PlannedFault } from '../sim/planned-faults.ts';
import type { SimulatedHost } from '../sim/simulated-host.ts';
import type { Clock } from '../time/clock.ts';
import { ManualClock } from '../time/manual-clock.ts';
import { RealClock } from '../time/real-clock.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import { type FaultSource, faultSchema } from './decision-schema.ts';
import type { DialogueLog } from './dialogue-log.ts';

/** What somebody waited for did not happen in time. */
export class WaitError extends Error {
  override readonly name = 'WaitError';
}

/** A host as a program needs to know it. */
export interface LabHost {
  readonly name: string;
  readonly provider: string;
  readonly address: string;
  readonly port: number;
  /** Switched on at the moment. */
  readonly situations: readonly string[];
}

/** A fault that was planned, and for which host. */
export interface HostFault extends PlannedFault {
  readonly host: string;
}

/** What a lab is told of names, and who keeps its dialogues. */
interface LabNames {
  readonly resolver: Resolver;
  readonly outside: Resolver;
  readonly zone: Zone;
  readonly log: DialogueLog;
  /** Stops the clock. */
  readonly end: AbortController;
}

/** A world that runs: hosts to connect to, and everything that can be asked of them. */
export class RunningLab {
  /** What DNS says inside of the lab, where hosts have simulated addresses. */
  readonly resolver: Resolver;
  /** What programs from outside are to be told: the addresses at which hosts really listen. */
  readonly outsideResolver: Resolver;
  readonly zone: Zone;
  readonly clock: Clock;
  /** Doors for a probe, which then comes from whatever address it says. */
  readonly dial: Lab['dial'];
  readonly authorities: Lab['authorities'];
  /** Numbers in [0, 1), the same for the same seed. */
  readonly random: () => number;
  readonly #lab: Lab;
  readonly #log: DialogueLog;
  readonly #end: AbortController;
  /** How to call off those who wait for dialogues. */
  readonly #waiting = new Set<(error: Error) => void>();

  constructor(lab: Lab, { resolver, outside, zone, log, end }: LabNames) {
    this.resolver = resolver;
    this.outsideResolver = outside;
    this.zone = zone;
    this.clock = lab.clock;
    this.dial = lab.dial;
    this.authorities = lab.authorities;
    this.random = seededRandom(`${lab.seed} client`);
    this.#lab = lab;
    this.#log = log;
    this.#end = end;
  }

  get hosts(): readonly LabHost[] {
    return [...this.#lab.hosts].map(([name, host]) => ({
      name,
      provider: host.provider,
      address: host.address,
      port: host.port,
      situations: [...host.situations],
    }));
  }

  /** A host by name. Throws a RangeError that names those there are. */
  host(name: string): LabHost {
    this.#simulated(name);
    return this.hosts.find((host) => host.name === name) as LabHost;
  }

  /** All that clients said and were told, oldest first; the latest thousand. */
  get dialogues(): readonly HostDialogue[] {
    return this.#log.dialogues;
  }

  /** Hears dialogues as they go. Returns how to stop. */
  listen(listener: DialogueListener): () => void {
    return this.#log.listen(listener);
  }

  /** Resolves when `count` dialogues have ended since the start or the last reset. Rejects with a WaitError after `patience` real ms. */
  async waitForDialogues(count: number, patience = 10_000): Promise<readonly HostDialogue[]> {
    await this.#until(
      () => this.#log.ended >= count,
      patience,
      `${count} ${count === 1 ? 'dialogue' : 'dialogues'}`,
    );
    return this.#log.dialogues.filter(({ end }) => end);
  }

  /** Switches a situation on or off. Throws a RangeError for a host, a TypeError for a situation that is not there. */
  switch(host: string, situation: string, on = true): void {
    this.#simulated(host).switch(situation, on);
  }

  /**
   * Plans what a host does the next few times it is asked at a stage: `{ at: 'rcpt', reply: '451 4.7.1 Later', times: 2 }`,
   * `{ at: 'mail', how: 'reset' }`. Throws a TypeError for a fault that is not well-formed.
   */
  plan(host: string, fault: FaultSource | FaultPlan): HostFault {
    return { ...this.#simulated(host).faults.add(planOf(fault)), host };
  }

  /** Faults that were planned and have not been used up. */
  get unusedFaults(): readonly HostFault[] {
    return [...this.#lab.hosts].flatMap(([host, { faults }]) =>
      faults.all.filter(({ left }) => left > 0).map((fault) => ({ ...fault, host })),
    );
  }

  /** Moves time on by so many ms. Throws a TypeError where the lab's clock goes by itself. */
  advance(delay: number): void {
    const { clock } = this;
    if (!(clock instanceof ManualClock || clock instanceof VirtualClock)) {
      throw new TypeError('the clock of this lab goes by itself; start it with a manual clock to move it on');
    }
    clock.advance(delay);
  }

  /** What a host remembers of its clients; hosts of one provider remember the same. */
  memory(host: string): SavedMemory {
    return this.#simulated(host).memory.toJSON();
  }

  /** Takes up a memory that was saved. Throws a ZodError for anything else. */
  loadMemory(host: string, saved: SavedMemory): void {
    this.#simulated(host).memory.load(memorySchema.parse(saved));
  }

  resetMemory(host: string): void {
    this.#simulated(host).memory.reset();
  }

  /** Forgets what hosts remember of their clients, all dialogues and all planned faults. Situations stay. */
  reset(): void {
    for (const host of this.#lab.hosts.values()) {
      host.memory.reset();
      host.faults.clear();
    }
    this.#log.clear();
  }

  /** Ends every connection, calls off whoever waits for dialogues, and stops listening. */
  async close(): Promise<void> {
    for (const callOff of this.#waiting) callOff(new Error('the lab was closed'));
    await this.#lab.close();
    this.#end.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }

  #simulated(name: string): SimulatedHost {
    const host = this.#lab.hosts.get(name);
    if (!host)
      throw new RangeError(
        `there is no host called ${name}; hosts: ${[...this.#lab.hosts.keys()].join(', ') || 'none'}`,
      );
    return host;
  }

  #until(met: () => boolean, patience: number, what: string): Promise<void> {
    if (met()) return Promise.resolve();
    return new Promise((resolve, reject) => {
      const done = (error?: Error): void => {
        alarm.cancel();
        stop();
        this.#waiting.delete(done);
        if (error) reject(error);
        else resolve();
      };
      const alarm = new RealClock().alarm(patience, () =>
        done(new WaitError(`waited ${patience} ms for ${what} in vain`)),
      );
      const stop = this.#log.listen({ closed: () => met() && done() });
      this.#waiting.add(done);
    });
  }
}

function planOf(fault: FaultSource | FaultPlan): FaultPlan {
  if ('decision' in fault) return fault;
  const read = judgeValue(fault, faultSchema);
  if ('wrong' in read) throw new TypeError(`this is no fault: ${read.wrong}`);
  return read.value;
}
