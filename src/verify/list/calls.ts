import type { Environment } from '../../probe/environment.ts';
import type { Session } from '../../probe/session.ts';
import type { Clock } from '../../time/clock.ts';
import type { Answer } from '../../transcript/ending.ts';
import type { Observe } from './list-event.ts';

/** Tells whoever looks on of the connections to one operator. */
export class Calls {
  readonly #operator: string;
  readonly #clock: Clock;
  readonly #observe: Observe;

  constructor(operator: string, clock: Clock, observe: Observe) {
    this.#operator = operator;
    this.#clock = clock;
    this.#observe = observe;
  }

  /** The same doors, with an eye on the dial. */
  watching({ clock, resolver, dial, random, authorities }: Environment): Environment {
    return {
      clock,
      resolver,
      random,
      ...(authorities ? { authorities } : {}),
      dial: async (to, signal) => {
        const since = this.#clock.now();
        const socket = await dial(to, signal);
        const took = this.#clock.now() - since;
        this.#observe({ kind: 'connected', operator: this.#operator, took });
        return socket;
      },
    };
  }

  readonly answered = (answer: Answer): void => {
    if (answer.kind !== 'reply') return;
    const { stage, reply, elapsed: took } = answer;
    this.#observe({ kind: 'replied', operator: this.#operator, stage, reply, took });
  };

  /** A session has been put down, or never came about. */
  over({ ended }: Session): void {
    const operator = this.#operator;
    if (ended?.stage === 'connect') this.#observe({ kind: 'not-connected', operator, ending: ended });
    else this.#observe({ kind: 'disconnected', operator, ...(ended ? { ending: ended } : {}) });
  }
}
