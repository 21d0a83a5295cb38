import type { Behaviour, Next } from './behaviour.ts';
import type { Decision } from './decision.ts';
import type { Exchange, HostStage } from './exchange.ts';
import { hostStages } from './options.ts';

/** Something a host does the next few times it is asked at a stage, and then no more. */
export interface PlannedFault {
  readonly id: string;
  readonly at: HostStage;
  /** Only for recipients with this local part, or address. */
  readonly recipient?: string;
  readonly decision: Decision;
  readonly times: number;
  readonly left: number;
}

/** What is said about a fault when it is planned. */
export type FaultPlan = Pick<PlannedFault, 'at' | 'decision' | 'times'> & { readonly recipient?: string };

/** Faults planned by hand while a host runs. They come before everything else; those that were never used can be told. */
export class PlannedFaults implements Behaviour {
  readonly name = 'planned-faults';
  readonly at = hostStages;
  readonly outermost = true;
  readonly seesFaults = true;
  #faults: PlannedFault[] = [];
  #count = 0;

  add(plan: FaultPlan): PlannedFault {
    const fault: PlannedFault = { ...plan, id: `fault-${++this.#count}`, left: plan.times };
    this.#faults.push(fault);
    return fault;
  }

  /** All of them, those used up among them. */
  get all(): readonly PlannedFault[] {
    return this.#faults;
  }

  clear(): void {
    this.#faults = [];
  }

  decide(exchange: Exchange, next: Next): Decision | Promise<Decision> {
    if (this.#faults.length === 0) return next();
    const i = this.#faults.findIndex(
      (fault) => fault.left > 0 && fault.at === exchange.stage && concerns(fault, exchange),
    );
    const fault = this.#faults[i];
    if (!fault) return next();
    this.#faults[i] = { ...fault, left: fault.left - 1 };
    return fault.decision;
  }
}

function concerns({ recipient }: PlannedFault, { address, session }: Exchange): boolean {
  if (recipient === undefined) return true;
  const wanted = recipient.toLowerCase();
  const named = [address, ...session.recipients].map((text) => text.toLowerCase());
  return named.some((text) => text === wanted || text.slice(0, text.lastIndexOf('@')) === wanted);
}
