import { type AttemptOutcome, usualMostAddresses } from '../../probe/attempt.ts';
import { type Call, callAt, takeLeave } from '../../probe/call.ts';
import type { Environment } from '../../probe/environment.ts';
import { outcomeOf } from '../../probe/outcome.ts';
import type { Session } from '../../probe/session.ts';
import type { Got } from '../../probe/withheld.ts';
import { minutes } from '../../time/duration.ts';
import type { Asker } from '../asking.ts';
import type { Calls } from './calls.ts';

/** A host at one of its addresses. */
export interface Place {
  readonly host: string;
  readonly ip: string;
  readonly preference: number;
}

/** A session that is ready for MAIL. */
export interface Called {
  readonly session: Session;
  readonly place: Place;
}

/** What stood in the way at every place that was tried, and the last of them. */
export interface Obstructed {
  readonly obstacles: readonly AttemptOutcome[];
  readonly place: Place;
}

/** All parameters but the first. */
type Rest<P extends readonly unknown[]> = P extends readonly [unknown, ...infer R] ? R : never;

/** A host that could not be reached is left alone so long. */
const outOfService = minutes(5);

/** Calls at the exchangers of some domains: which of them, and which not for a while. */
export class Caller {
  readonly #environment: Environment;
  readonly #asker: Asker;
  readonly #places: readonly Place[];
  readonly #watch: Calls | undefined;
  readonly #avoid = new Map<string, number>();
  #calls = 0;
  /** None of the places could be dialled: nobody tries again for a while. */
  #deaf: (Obstructed & { readonly until: number }) | undefined;

  constructor(
    environment: Environment,
    {
      asker,
      places,
      calls,
    }: {
      readonly asker: Asker;
      readonly places: readonly Place[];
      /** Told of every call. */
      readonly calls?: Calls | undefined;
    },
  ) {
    this.#environment = calls ? calls.watching(environment) : environment;
    this.#watch = calls;
    this.#asker = asker;
    this.#places = places;
  }

  /** Calls at one place after the other; `prefer` is the address to begin with. */
  async call(prefer: string | undefined): Promise<Called | Obstructed> {
    if (this.#deaf && this.#deaf.until > this.#environment.clock.now()) return this.#deaf;
    const obstacles: AttemptOutcome[] = [];
    let last = this.#places[0] as Place;
    for (const place of this.#inOrder(prefer)) {
      last = place;
      const { session, obstacle } = await this.#callAt(place);
      if (!obstacle) return { session, place };
      obstacles.push(outcomeOf(obstacle));
      this.#avoid.set(place.ip, this.#environment.clock.now() + outOfService);
    }
    const obstructed = { obstacles, place: last };
    if (obstacles.every(({ kind }) => kind === 'unreachable'))
      this.#deaf = { ...obstructed, until: this.#environment.clock.now() + outOfService };
    return obstructed;
  }

  async #callAt({ host, ip }: Place): Promise<Call> {
    const { helo, from, port = 25, patience, limits } = this.#asker;
    this.#calls++;
    const options = {
      host,
      address: ip,
      port,
      ...(from === undefined ? {} : { from }),
      ...(patience ? { patience } : {}),
      ...(limits ? { limits } : {}),
      ...(this.#watch ? { answered: this.#watch.answered } : {}),
    };
    const wish = this.#asker.tls ?? 'opportunistic';
    const made = await this.#make(options, { helo, tls: wish });
    if (!made.obstacle) return made;
    await this.#leave(made.session, made.obstacle);
    if (!made.tlsBroke || wish !== 'opportunistic') return made;
    const again = await this.#make(options, { helo, tls: 'none' }); // on a new connection: rule TLS-07
    if (again.obstacle) await this.#leave(again.session, again.obstacle);
    return again;
  }

  async #make(...[options, wish]: Rest<Parameters<typeof callAt>>): Promise<Call> {
    const made = await callAt(this.#environment, options, wish);
    this.#asker.called?.(made.session.transcript);
    return made;
  }

  async #leave(session: Session, last: Got): Promise<void> {
    await takeLeave(session, { last, open: false });
    this.#watch?.over(session);
  }

  /** Puts down a session that was called up here: in good order where it still takes commands. */
  async putDown(session: Session, { open }: { readonly open: boolean }): Promise<void> {
    if (open) await takeLeave(session, { open: false });
    else await session.disconnect('close', { wait: false });
    this.#watch?.over(session);
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
    return ranked
      .sort((a, b) => a.rank - b.rank)
      .slice(0, usualMostAddresses)
      .map(({ place }) => place);
  }
}
