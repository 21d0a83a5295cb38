import type { AttemptOutcome } from '../../probe/attempt.ts';
import type { Environment } from '../../probe/environment.ts';
import type { Session } from '../../probe/session.ts';
import type { Clock } from '../../time/clock.ts';
import { minutes, seconds } from '../../time/duration.ts';
import { type Asker, greetingOfAll, type Question } from '../asking.ts';
import { type Called, Caller, type Obstructed, type Place } from './caller.ts';
import type { Calls } from './calls.ts';
import type { OperatorLimits } from './limits.ts';
import type { Operator } from './operator.ts';
import { type Asked, askTogether } from './transaction.ts';
import { TurnedAway } from './turned-away.ts';

/** What a group of exchangers said to a question. */
export interface GroupAnswer {
  readonly outcomes: readonly AttemptOutcome[];
  readonly host?: string;
  readonly ip?: string;
  readonly everywhere?: number;
}

interface Waiting {
  readonly question: Question;
  readonly domain: string;
  readonly answer: (answer: GroupAnswer) => void;
  readonly fail: (error: unknown) => void;
  /** It was in a transaction that broke off before its turn came, so often. */
  broken: number;
}

/** A connection that is asked nothing is kept so long, in case more comes. */
const linger = seconds(1);
/** It is put down before the host does so, which may be after five minutes. RFC 5321 4.5.3.2.7 */
const mostIdle = minutes(4);

/** The exchangers of some domains: connections to them are shared by all questions about these domains. */
export class ExchangerGroup {
  readonly #clock: Clock;
  readonly #caller: Caller;
  readonly #operator: Operator;
  readonly #limits: OperatorLimits;
  readonly #places: readonly Place[];
  readonly #queue: Waiting[] = [];
  readonly #lingering: (() => void)[] = [];
  readonly #signal: AbortSignal | undefined;
  #workers = 0;

  constructor(
    environment: Environment,
    options: {
      readonly asker: Asker;
      readonly operator: Operator;
      readonly limits: OperatorLimits;
      readonly places: readonly Place[];
      /** Told of every call. */
      readonly calls?: Calls | undefined;
      /** Turns away whoever has not had a turn yet. */
      readonly signal?: AbortSignal | undefined;
    },
  ) {
    this.#clock = environment.clock;
    this.#caller = new Caller(environment, options);
    this.#operator = options.operator;
    this.#limits = options.limits;
    this.#places = options.places;
    this.#signal = options.signal;
  }

  get operator(): Operator {
    return this.#operator;
  }

  get idle(): boolean {
    return this.#workers === 0 && this.#queue.length === 0;
  }

  /** Rejects with TurnedAway when the question is not put any more. */
  ask(question: Question, domain: string): Promise<GroupAnswer> {
    return new Promise((answer, fail) => {
      this.#queue.push({ question, domain, answer, fail, broken: 0 });
      const somebody = this.#lingering.shift();
      if (somebody) somebody();
      else this.#hire();
    });
  }

  #hire(): void {
    const wanted = Math.min(
      this.#limits.parallel,
      Math.ceil(this.#queue.length / this.#limits.perTransaction),
    );
    if (this.#workers >= wanted) return;
    this.#workers++;
    const done = (): void => {
      this.#workers--;
      if (this.#queue.length > 0) this.#hire();
    };
    this.#work().then(done, done); // whoever asked has been told
  }

  /** One connection, from its opening to its end. */
  async #work(): Promise<void> {
    await this.#operator.open();
    try {
      const taken = this.#take();
      if (!(await this.#turn(taken))) return;
      const called = await telling(taken, () => this.#caller.call(taken[0]?.question.prefer));
      if ('obstacles' in called) this.#answerAll(taken, called);
      else await this.#converse(called, taken);
    } finally {
      this.#operator.close();
    }
  }

  /** Waits until these may be asked. False when there are none, or nobody is asked any more. */
  async #turn(taken: readonly Waiting[]): Promise<boolean> {
    if (taken.length > 0 && !this.#closed) await this.#operator.turn(sizeOf(taken));
    if (!this.#closed) return taken.length > 0;
    for (const one of [...taken, ...this.#queue.splice(0)]) one.fail(new TurnedAway());
    return false;
  }

  get #closed(): boolean {
    return this.#operator.stopped !== undefined || this.#signal?.aborted === true;
  }

  /** Asks until nothing is left to ask or the connection has had its share. Those who come first have had their turn. */
  async #converse({ session, place }: Called, first: Waiting[]): Promise<void> {
    let taken = first;
    let asked = 0;
    let open = true;
    do {
      const now = taken;
      const result = await telling(now, () => this.#put(session, now));
      this.#deliver(taken, result.outcomes, place);
      open = result.open;
      asked += sizeOf(taken);
      if (!open || isAlone(taken[0]) || asked >= this.#limits.perConnection) break;
      taken = await this.#more(place, this.#limits.perConnection - asked);
      if (this.#operator.delay > mostIdle) {
        this.#queue.unshift(...taken); // for a connection that is opened when its turn has come
        break;
      }
    } while (await this.#turn(taken));
    await this.#caller.putDown(session, { open });
  }

  /** In one transaction, or in several where it takes fewer recipients. */
  async #put(session: Session, taken: readonly Waiting[]): Promise<Asked> {
    const sender = taken[0]?.question.sender ?? '';
    const recipients = taken.flatMap(({ question }) => question.recipients);
    const outcomes: (AttemptOutcome | undefined)[] = [];
    let open = true;
    while (open && outcomes.length < recipients.length) {
      const next = recipients.slice(outcomes.length, outcomes.length + this.#limits.perTransaction);
      const asked = await askTogether(session, sender, next);
      outcomes.push(...asked.outcomes);
      open = asked.open;
    }
    return { outcomes, open };
  }

  /** Gives everybody what is theirs. Who was passed over is asked again, once with others and then alone. */
  #deliver(
    taken: readonly Waiting[],
    outcomes: readonly (AttemptOutcome | undefined)[],
    { host, ip }: Place,
  ): void {
    let i = 0;
    for (const one of taken) {
      const own = outcomes.slice(i, i + one.question.recipients.length);
      i += one.question.recipients.length;
      const answered = own.filter((outcome) => outcome !== undefined);
      if (answered.length === 0) this.#again(one);
      else one.answer({ outcomes: answered, host, ip }); // the control may be missing: it is nobody's answer
    }
  }

  #again(one: Waiting): void {
    one.broken++;
    this.#queue.unshift(one);
  }

  #answerAll(taken: readonly Waiting[], { obstacles, place: { host, ip } }: Obstructed): void {
    const outcome = obstacles.at(-1) as AttemptOutcome;
    const everywhere = greetingOfAll(obstacles, outcome);
    for (const { question, answer } of taken) {
      answer({
        outcomes: question.recipients.map(() => outcome),
        host,
        ip,
        ...(everywhere === undefined ? {} : { everywhere }),
      });
    }
  }

  /** The next questions for one transaction: of one domain and sender, and no more than it takes. */
  #take(room = this.#limits.perConnection, at?: Place): Waiting[] {
    const start = this.#queue.findIndex((one) => at === undefined || this.#fits(one, at, room));
    const first = this.#queue[start];
    if (!first || (at !== undefined && first.question.recipients.length > room)) return [];
    if (isAlone(first)) return this.#queue.splice(start, 1);
    const taken: Waiting[] = [];
    let recipients = 0;
    const most = Math.max(1, Math.min(room, this.#limits.perTransaction));
    for (let i = start; i < this.#queue.length && recipients < most; ) {
      const one = this.#queue[i] as Waiting;
      const together =
        one.domain === first.domain && one.question.sender === first.question.sender && !isAlone(one);
      const size = one.question.recipients.length;
      if (!together || (taken.length > 0 && recipients + size > most)) i++;
      else {
        taken.push(...this.#queue.splice(i, 1));
        recipients += size;
      }
      if (i - start > 64) break; // far enough: the rest has its turn later
    }
    return taken;
  }

  /** A question that may go through a connection that has been used, to this place, and has room in it. */
  #fits({ question }: Waiting, { ip }: Place, room: number): boolean {
    if (question.apart || question.recipients.length > room) return false;
    return question.prefer === undefined || question.prefer === ip || this.#places.length === 1;
  }

  /** What else there is to ask; waits a little for it. */
  async #more(place: Place, room: number): Promise<Waiting[]> {
    const now = this.#take(room, place);
    if (now.length > 0 || this.#queue.length > 0) return now;
    await new Promise<void>((resolve) => {
      const woken = (): void => {
        alarm.cancel();
        resolve();
      };
      const alarm = this.#clock.alarm(linger, () => {
        this.#lingering.splice(this.#lingering.indexOf(woken), 1);
        resolve();
      });
      this.#lingering.push(woken);
    });
    return this.#take(room, place);
  }
}

/** It needs a transaction of its own: the control in an independent session, who was passed over, who comes back to a greylist. */
function isAlone(one: Waiting | undefined): boolean {
  return one !== undefined && (one.question.apart === true || one.broken > 1);
}

const sizeOf = (taken: readonly Waiting[]): number =>
  taken.reduce((sum, { question }) => sum + question.recipients.length, 0);

/** What goes wrong in work for these questions is theirs to tell. */
async function telling<T>(taken: readonly Waiting[], work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    for (const one of taken) one.fail(error);
    throw error;
  }
}
