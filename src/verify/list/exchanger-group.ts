import type { AttemptOutcome } from '../../probe/attempt.ts';
import { type Call, callAt, takeLeave } from '../../probe/call.ts';
import type { Environment } from '../../probe/environment.ts';
import { outcomeOf } from '../../probe/outcome.ts';
import type { Session } from '../../probe/session.ts';
import { minutes, seconds } from '../../time/duration.ts';
import { type Asker, greetingOfAll, type Question } from '../asking.ts';
import type { OperatorLimits } from './limits.ts';
import type { Operator } from './operator.ts';
import { askTogether } from './transaction.ts';

/** A host at one of its addresses. */
export interface Place {
  readonly host: string;
  readonly ip: string;
  readonly preference: number;
}

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
/** A host that could not be reached is left alone so long. */
const outOfService = minutes(5);

/** The exchangers of some domains: connections to them are shared by all questions about these domains. */
export class ExchangerGroup {
  readonly #environment: Environment;
  readonly #asker: Asker;
  readonly #sources: readonly (string | undefined)[];
  readonly #operator: Operator;
  readonly #limits: OperatorLimits;
  readonly #places: readonly Place[];
  readonly #queue: Waiting[] = [];
  readonly #avoid = new Map<string, number>();
  #workers = 0;
  #calls = 0;
  readonly #lingering: (() => void)[] = [];

  constructor({
    environment,
    asker,
    sources,
    operator,
    limits,
    places,
  }: {
    readonly environment: Environment;
    readonly asker: Asker;
    readonly sources: readonly string[];
    readonly operator: Operator;
    readonly limits: OperatorLimits;
    readonly places: readonly Place[];
  }) {
    this.#environment = environment;
    this.#asker = asker;
    this.#sources = sources.length > 0 ? sources : [asker.from];
    this.#operator = operator;
    this.#limits = limits;
    this.#places = places;
  }

  get idle(): boolean {
    return this.#workers === 0 && this.#queue.length === 0;
  }

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
    void this.#work().finally(() => {
      this.#workers--;
      if (this.#queue.length > 0) this.#hire();
    });
  }

  /** One connection, from its opening to its end. */
  async #work(): Promise<void> {
    await this.#operator.open();
    let taken: Waiting[] = [];
    try {
      taken = this.#take();
      if (taken.length === 0) return;
      const called = await this.#call(taken[0]?.question);
      if ('obstacles' in called) return this.#answerAll(taken, called.obstacles);
      taken = await this.#converse(called, taken);
    } catch (error) {
      for (const one of taken) one.fail(error);
    } finally {
      this.#operator.close();
    }
  }

  /** Asks until nothing is left to ask or the connection has had its share. Returns who is still without an answer. */
  async #converse(
    { session, place }: { session: Session; place: Place },
    first: Waiting[],
  ): Promise<Waiting[]> {
    let taken = first;
    let asked = 0;
    let open = true;
    while (taken.length > 0) {
      const recipients = taken.flatMap(({ question }) => question.recipients);
      await this.#operator.turn(recipients.length);
      const result = await askTogether(session, taken[0]?.question.sender ?? '', recipients);
      this.#deliver(taken, result.outcomes, place);
      open = result.open;
      asked += recipients.length;
      const alone = isAlone(taken[0]);
      taken = [];
      if (!open || alone || asked >= this.#limits.perConnection || this.#operator.stopped !== undefined)
        break;
      taken = await this.#more(place, this.#limits.perConnection - asked);
    }
    if (open) await takeLeave(session, { open: false });
    else await session.disconnect('close', { wait: false });
    return [];
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
      const [target] = own;
      if (target === undefined) this.#again(one);
      else one.answer({ outcomes: own.map((outcome) => outcome ?? target), host, ip });
    }
  }

  #again(one: Waiting): void {
    one.broken++;
    this.#queue.unshift(one);
  }

  async #call(
    question: Question | undefined,
  ): Promise<{ session: Session; place: Place } | { obstacles: readonly AttemptOutcome[]; place: Place }> {
    const obstacles: AttemptOutcome[] = [];
    let last = this.#places[0] as Place;
    for (const place of this.#inOrder(question?.prefer)) {
      last = place;
      const { session, obstacle } = await this.#callAt(place);
      if (!obstacle) return { session, place };
      obstacles.push(outcomeOf(obstacle));
      this.#avoid.set(place.ip, this.#environment.clock.now() + outOfService);
    }
    return { obstacles, place: last };
  }

  async #callAt({ host, ip }: Place): Promise<Call> {
    const { helo, port = 25, patience, limits } = this.#asker;
    const from = this.#sources[this.#calls++ % this.#sources.length];
    const options = {
      host,
      address: ip,
      port,
      ...(from === undefined ? {} : { from }),
      ...(patience ? { patience } : {}),
      ...(limits ? { limits } : {}),
    };
    const wish = this.#asker.tls ?? 'opportunistic';
    const made = await callAt(this.#environment, options, { helo, tls: wish });
    if (!made.obstacle) return made;
    await takeLeave(made.session, { last: made.obstacle, open: false });
    if (!made.tlsBroke || wish !== 'opportunistic') return made;
    const again = await callAt(this.#environment, options, { helo, tls: 'none' }); // on a new connection: rule TLS-07
    if (again.obstacle) await takeLeave(again.session, { last: again.obstacle, open: false });
    return again;
  }

  /** Best preference first, hosts of equal preference in turn, those out of service last. RFC 5321 5.1 */
  #inOrder(prefer: string | undefined): readonly Place[] {
    const now = this.#environment.clock.now();
    const turn = this.#calls;
    const ranked = this.#places.map((place, i) => {
      const equals = this.#places.filter(({ preference }) => preference === place.preference);
      const first = this.#places.indexOf(equals[0] as Place);
      const rank = place.preference * 1_000 + ((i - first + turn) % equals.length);
      const out = (this.#avoid.get(place.ip) ?? 0) > now ? 1e9 : 0;
      return { place, rank: place.ip === prefer ? -1 : rank + out };
    });
    return ranked.sort((a, b) => a.rank - b.rank).map(({ place }) => place);
  }

  #answerAll(taken: readonly Waiting[], obstacles: readonly AttemptOutcome[]): void {
    const outcome = obstacles.at(-1) as AttemptOutcome;
    const everywhere = greetingOfAll(obstacles, outcome);
    for (const { question, answer } of taken) {
      answer({
        outcomes: question.recipients.map(() => outcome),
        ...(everywhere === undefined ? {} : { everywhere }),
      });
    }
  }

  /** The next questions for one transaction: of one domain and sender, and no more than it takes. */
  #take(room = this.#limits.perConnection, at?: Place): Waiting[] {
    const start = this.#queue.findIndex((one) => at === undefined || this.#fits(one, at));
    const first = this.#queue[start];
    if (!first) return [];
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

  /** A question that may go through a connection that has been used, to this place. */
  #fits({ question }: Waiting, { ip }: Place): boolean {
    if (question.apart) return false;
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
      const alarm = this.#environment.clock.alarm(linger, () => {
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
