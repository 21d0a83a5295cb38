import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Session } from '../probe/session.ts';
import type { Got } from '../probe/withheld.ts';
import { seconds } from '../time/duration.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { Observed } from './check.ts';
import type { Expectation } from './expectation.ts';
import type { StepTraffic } from './result.ts';
import type { Stand } from './stand.ts';

/** A session of the scenario and how much of its transcript has been told. */
export interface OpenSession {
  readonly session: Session;
  readonly host: string;
  told: number;
  /** The host has said 354 to a DATA in a group. */
  messageDue: boolean;
}

/** How long a host has to hang up where the scenario says it does, and to keep the connection where it says it stays. */
const hangUpPatience = { host: seconds(30), nobody: seconds(1) };

/** How long a host has to answer the QUIT of a scenario that is over. */
const goodbyePatience = seconds(2);

/** Keeps the sessions of a scenario, and turns what they got into what expectations can ask. */
export class SessionDesk {
  readonly #stand: Pick<Stand, 'provider'>;
  readonly knowledge: Knowledge;
  readonly #named = new Map<string, OpenSession>();
  readonly #opened: OpenSession[] = [];

  constructor(stand: Pick<Stand, 'provider'>, knowledge: Knowledge) {
    this.#stand = stand;
    this.knowledge = knowledge;
  }

  get transcripts(): readonly Transcript[] {
    return this.#opened.map(({ session }) => session.transcript);
  }

  register(session: Session, host: string, name: string | undefined): OpenSession {
    const open: OpenSession = { session, host, told: 0, messageDue: false };
    this.#opened.push(open);
    if (name !== undefined) this.#named.set(name, open);
    return open;
  }

  /** A session by its name. Throws a TypeError where a step came before its connect, as branches make possible. */
  find(name: string): OpenSession {
    const open = this.#named.get(name);
    if (!open) throw new TypeError(`no session is called ${name} yet`);
    return open;
  }

  /** Says goodbye where a session still stands, as a real host may expect. RFC 5321 4.1.1.10 */
  async leave(): Promise<void> {
    await Promise.all(
      this.#opened.map(async ({ session }) => {
        if (!session.ended) await session.quit({ force: true, patience: goodbyePatience });
        await session.disconnect('close');
      }),
    );
  }

  async hangUp(how: 'close' | 'reset'): Promise<void> {
    await Promise.all(this.#opened.map(({ session }) => session.disconnect(how)));
  }

  /** What the last answer shows; where the scenario asks who hangs up, the host is given time for it. */
  async observe(
    open: OpenSession,
    answers: readonly Got[],
    expect: Expectation | undefined,
  ): Promise<Observed> {
    const last = answers.at(-1) as Got;
    const asked = expect?.map((expected) => expected['closed-by']).find((who) => who !== undefined);
    const observed = this.observation(open, last);
    if (!asked || last.kind !== 'reply') return observed;
    await open.session.next({ patience: hangUpPatience[asked] });
    return { ...observed, closedBy: open.session.ended ? 'host' : 'nobody' };
  }

  observation({ session, host }: OpenSession, result: Got): Observed {
    const elapsed = 'elapsed' in result ? result.elapsed : 0;
    return this.withReason({ result, elapsed, capabilities: session.capabilities, tls: session.tls }, host);
  }

  /** Adds the reason that the explanation of the reply gives. */
  withReason(observed: Observed, host: string | undefined): Observed {
    const { result } = observed;
    if (!('reply' in result)) return observed;
    const provider = host === undefined ? undefined : this.#stand.provider(host);
    const context = { stage: result.stage, ...(provider === undefined ? {} : { provider }) };
    return { ...observed, reason: this.knowledge.reasonOf(result.reply, context) };
  }

  /** What has happened on a session since it was last told. */
  trafficOf(open: OpenSession): StepTraffic {
    const events = open.session.transcript.events.slice(open.told);
    open.told += events.length;
    return this.traffic(open.host, events);
  }

  traffic(host: string, events: StepTraffic['events']): StepTraffic {
    const provider = this.#stand.provider(host);
    return { host, events, ...(provider === undefined ? {} : { provider }) };
  }
}
