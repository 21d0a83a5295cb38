import { Session } from '../probe/session.ts';
import type { Got } from '../probe/withheld.ts';
import { rawBytes } from '../text/raw-bytes.ts';
import type { Outcome } from '../transcript/ending.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { runAttempt } from './attempt-deed.ts';
import type { Observed } from './check.ts';
import { addressOf, carryOut, groupOf } from './deeds.ts';
import type { StepTraffic } from './result.ts';
import type { Scenario } from './scenario.ts';
import type { OpenSession, SessionDesk } from './session-desk.ts';
import type { Stand } from './stand.ts';
import type { FlatStep } from './step.ts';
import { patienceOf } from './step-parts.ts';
import type { VerifyObserved } from './verify-check.ts';
import { runVerify } from './verify-deed.ts';

/** Steps that follow each other: the scenario itself, or a branch of a parallel or repeated step. */
export interface Strand {
  /** `2` in the second branch of a parallel step, `3/5` in the third round of five; empty for the scenario itself. */
  readonly branch: string;
  current: OpenSession | undefined;
  stopped: boolean;
}

/** What a step came to. */
export interface Deed {
  readonly answers: readonly Got[];
  /** Absent for a step that expects nothing. */
  readonly observed?: Observed;
  readonly traffic: readonly StepTraffic[];
  readonly recipients?: ReadonlyMap<string, Outcome>;
  /** Of a verify step, in place of `observed`. */
  readonly found?: VerifyObserved;
  readonly skipped?: string;
}

type Step<Verb extends string> = Extract<FlatStep, Readonly<Record<Verb, unknown>>>;

/** What happens in a session. */
type SessionStep = Parameters<typeof carryOut>[0] | Step<'connect'>;

/** Carries out steps in the sessions and hosts of one scenario. */
export class StepRunner {
  readonly #scenario: Scenario;
  readonly #stand: Stand;
  readonly #desk: SessionDesk;
  readonly #attempts: Transcript[] = [];

  constructor(scenario: Scenario, stand: Stand, desk: SessionDesk) {
    this.#scenario = scenario;
    this.#stand = stand;
    this.#desk = desk;
  }

  get transcripts(): readonly Transcript[] {
    return [...this.#desk.transcripts, ...this.#attempts];
  }

  run(step: Exclude<FlatStep, { pipeline: unknown }>, strand: Strand): Promise<Deed> {
    if ('connect' in step) return this.#connect(step, strand);
    if ('wait' in step) return this.#wait(step.wait, strand);
    if ('attempt' in step) return this.#attempt(step);
    if ('verify' in step) return this.#verify(step);
    if ('switch' in step) return this.#switch(step);
    if ('include' in step) throw new TypeError('an include step must have been expanded');
    return this.#command(step, strand);
  }

  /** Several commands in one write: a deed for each, the traffic with the first. */
  async runGroup(step: Step<'pipeline'>, strand: Strand): Promise<readonly Deed[]> {
    const open = this.#sessionOf(step.on, strand);
    const options = {
      ...(step.force ? { force: true } : {}),
      ...(step.patience === undefined ? {} : { patience: step.patience }),
    };
    return withholding(
      async () => {
        const answers = await open.session.pipeline(groupOf(step.pipeline), options);
        const traffic = [this.#desk.trafficOf(open)];
        return answers.map((answer, i) => {
          if ('data' in (step.pipeline[i] ?? {}))
            open.messageDue = answer.kind === 'reply' && answer.reply.code === 354;
          return {
            answers: [answer],
            observed: this.#desk.observation(open, answer),
            traffic: i === 0 ? traffic : [],
          };
        });
      },
      (observed) => [{ answers: [], traffic: [], observed }],
    );
  }

  async #connect(step: Step<'connect'>, strand: Strand): Promise<Deed> {
    const { address, port, implicitTls } = this.#stand.endpoint(step.connect);
    const from = step.from ?? this.#scenario.from;
    const patience = patienceOf(step.patience ?? this.#scenario.patience);
    const { session, greeting } = await Session.open(this.#stand.environment, {
      host: step.connect,
      address,
      port: step.port ?? port,
      ...(from === undefined ? {} : { from }),
      ...(step.tls === 'implicit' || (implicitTls && step.tls !== 'none') ? { tls: 'implicit' } : {}),
      ...(step['verify-tls'] ? { verifyTls: true } : {}),
      ...(step.early === undefined ? {} : { early: rawBytes(step.early) }),
      ...(patience ? { patience } : {}),
    });
    strand.current = this.#desk.register(session, step.connect, step.as);
    return this.#done(strand.current, [greeting], step);
  }

  async #wait(delay: number, strand: Strand): Promise<Deed> {
    await this.#stand.environment.clock.sleep(delay);
    return { answers: [], traffic: strand.current ? [this.#desk.trafficOf(strand.current)] : [] };
  }

  async #attempt(step: Step<'attempt'>): Promise<Deed> {
    const patience = patienceOf(step.patience ?? this.#scenario.patience);
    const { environment } = this.#stand;
    const { observed, transcripts, answers } = await runAttempt(step, this.#scenario, environment, patience);
    this.#attempts.push(...transcripts);
    return {
      answers,
      observed: this.#desk.withReason(observed, transcripts.at(-1)?.host),
      traffic: transcripts.map(({ host, events }) => this.#desk.traffic(host, events)),
      ...(observed.recipients ? { recipients: observed.recipients } : {}),
    };
  }

  async #verify(step: Step<'verify'>): Promise<Deed> {
    const patience = patienceOf(step.patience ?? this.#scenario.patience);
    const { observed, transcripts, answers } = await runVerify(step, {
      scenario: this.#scenario,
      environment: this.#stand.environment,
      knowledge: this.#desk.knowledge,
      patience,
    });
    this.#attempts.push(...transcripts);
    return {
      answers,
      found: observed,
      traffic: transcripts.map(({ host, events }) => this.#desk.traffic(host, events)),
    };
  }

  async #switch(step: Step<'switch'>): Promise<Deed> {
    const host = this.#stand.lab.hosts.get(step.switch);
    if (!host) return { answers: [], traffic: [], skipped: 'a real host has no situations to switch' };
    host.switch(step.on ?? step.off ?? '', step.on !== undefined);
    return { answers: [], traffic: [] };
  }

  async #command(step: Parameters<typeof carryOut>[0], strand: Strand): Promise<Deed> {
    const open = this.#sessionOf(step.on, strand);
    const context = {
      sender: addressOf(this.#scenario.sender),
      now: this.#stand.environment.clock.now(),
      messageDue: open.messageDue,
    };
    return withholding(
      async () => {
        const answers = await carryOut(step, open.session, context);
        open.messageDue = false;
        return this.#done(open, answers, step);
      },
      (observed) => ({ answers: [], traffic: [], observed }),
    );
  }

  async #done(open: OpenSession, answers: readonly Got[], step: SessionStep): Promise<Deed> {
    if (answers.length === 0) return { answers, traffic: [this.#desk.trafficOf(open)] };
    const observed = await this.#desk.observe(open, answers, 'expect' in step ? step.expect : undefined);
    return { answers, observed, traffic: [this.#desk.trafficOf(open)] };
  }

  /** The session of a step by name, or the latest of the strand. */
  #sessionOf(name: string | undefined, { current }: Strand): OpenSession {
    if (name !== undefined) return this.#desk.find(name);
    if (!current) throw new TypeError('no connect came before this step'); // loading has seen to it
    return current;
  }
}

/** Our client sends no values that do not fit the grammar: that is a finding about the step, not a defect. */
async function withholding<T>(work: () => Promise<T>, found: (observed: Observed) => T): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    return found({
      result: { kind: 'withheld', why: `${error.message}; to send it all the same, use send` },
      elapsed: 0,
    });
  }
}
