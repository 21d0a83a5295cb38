import type { Behaviour, Next } from './behaviour.ts';
import type { Decision } from './decision.ts';
import type { Exchange, HostStage } from './exchange.ts';

/** A host's behaviours in order, sorted once by the stage at which each wants to be asked. */
export class BehaviourChain {
  readonly #all: readonly Behaviour[];
  readonly #asked = new Map<HostStage, readonly Behaviour[]>();
  readonly #askedOnFaults = new Map<HostStage, readonly Behaviour[]>();

  constructor(behaviours: readonly Behaviour[]) {
    this.#all = [
      ...behaviours.filter(({ outermost }) => outermost),
      ...behaviours.filter(({ outermost }) => !outermost),
    ];
  }

  get behaviours(): readonly Behaviour[] {
    return this.#all;
  }

  /** Asks the behaviours from the outermost on; `last` is what the host does when none of them decides. */
  decide(exchange: Exchange, last: Next): Decision | Promise<Decision> {
    const asked = this.#askedAt(exchange);
    const from = (i: number): Decision | Promise<Decision> => {
      const behaviour = asked[i];
      return behaviour?.decide ? behaviour.decide(exchange, () => from(i + 1)) : last();
    };
    return asked.length === 0 ? last() : from(0);
  }

  #askedAt({ stage, fault }: Exchange): readonly Behaviour[] {
    const table = fault ? this.#askedOnFaults : this.#asked;
    let asked = table.get(stage);
    if (!asked) {
      asked = this.#all.filter(
        (b) => b.decide && b.at.includes(stage) && (fault ? b.seesFaults : b.seesFaults !== 'only'),
      );
      table.set(stage, asked);
    }
    return asked;
  }
}
