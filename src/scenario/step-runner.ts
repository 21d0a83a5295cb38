import type { Patience } from '../probe/conversation.ts';
import { Session } from '../probe/session.ts';
import type { Got } from '../probe/withheld.ts';
import { stages } from '../smtp/stage.ts';
import type { Answer, Outcome } from '../transcript/ending.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { runAttempt } from './attempt-deed.ts';
import { type Check, judge, type Observed } from './check.ts';
import { addressOf, carryOut, groupOf } from './deeds.ts';
import type { Expectation } from './expectation.ts';
import type { StepTraffic } from './result.ts';
import type { ScenarioOptions } from './run-scenario.ts';
import type { Place, PlacedStep, Scenario } from './scenario.ts';
import type { Stand } from './stand.ts';
import type { FlatStep, GroupStep } from './step.ts';
import { titleOf, verbOf } from './step-title.ts';

/** A session of the scenario and how much of its transcript has been told. */
interface OpenSession {
  readonly session: Session;
  readonly host: string;
  told: number;
  messageDue: boolean;
}

/** One strand of steps: the scenario itself, or a branch of a parallel step. */
interface Strand {
  readonly branch: string;
  current: OpenSession | undefined;
  stopped: boolean;
}

/** What a step came to. */
interface Deed {
  readonly answers: readonly Got[];
  readonly observed?: Observed;
  readonly traffic: readonly StepTraffic[];
  readonly recipients?: ReadonlyMap<string, Outcome>;
  readonly skipped?: string;
}

/** Steps that send a message; live runs stop before them (see the manners in README). */
const sendsData = (step: FlatStep): boolean =>
  'data' in step ||
  'bdat' in step ||
  ('attempt' in step && step.message !== undefined) ||
  ('pipeline' in step && step.pipeline.some((inner) => 'data' in inner)) ||
  ('send' in step && /(?:^|\\n)\s*(?:data|bdat)\b/i.test(step.send));

/** How long a host has to hang up where the scenario says it does, and to keep the connection where it says it stays. */
const hangUpPatience = { host: 30_000, nobody: 1_000 };

/** Runs the steps of a scenario in order; a step that fails ends its strand. */
export class StepRunner {
  readonly #scenario: Scenario;
  readonly #stand: Stand;
  readonly #options: ScenarioOptions;
  readonly #sessions = new Map<string, OpenSession>();
  readonly #opened: OpenSession[] = [];
  readonly #attempts: Transcript[] = [];
  readonly #started: number;
  #number = 0;

  constructor(scenario: Scenario, stand: Stand, options: ScenarioOptions) {
    this.#scenario = scenario;
    this.#stand = stand;
    this.#options = options;
    this.#started = options.clock.now();
    options.signal.addEventListener('abort', () => void this.hangUp('reset'), { once: true });
  }

  get transcripts(): readonly Transcript[] {
    return [...this.#opened.map(({ session }) => session.transcript), ...this.#attempts];
  }

  async run(): Promise<void> {
    await this.#strand(this.#scenario.steps, { branch: '', current: undefined, stopped: false });
  }

  async hangUp(how: 'close' | 'reset' = 'reset'): Promise<void> {
    await Promise.all(this.#opened.map(({ session }) => session.disconnect(how)));
  }

  async #strand(steps: readonly PlacedStep[], strand: Strand): Promise<void> {
    for (const placed of steps) {
      if (strand.stopped || this.#options.signal.aborted) return;
      const { step } = placed;
      if ('repeat' in step) {
        for (let round = 1; round <= step.repeat && !strand.stopped; round++) {
          await this.#inBranch(placed.branches[0] ?? [], strand, `${round}/${step.repeat}`);
        }
      } else if ('parallel' in step) {
        const branches = placed.branches.map((branch, i) =>
          this.#inBranch(branch, { ...strand }, `${i + 1}`),
        );
        strand.stopped = (await Promise.all(branches)).some((stopped) => stopped);
      } else await this.#step(step, placed.place, strand);
    }
  }

  /** Runs steps under another name, with the session of the strand around them. Resolves to whether they stopped. */
  async #inBranch(steps: readonly PlacedStep[], strand: Strand, name: string): Promise<boolean> {
    const inner: Strand = {
      branch: strand.branch === '' ? name : `${strand.branch} ${name}`,
      current: strand.current,
      stopped: false,
    };
    await this.#strand(steps, inner);
    strand.current = inner.current;
    strand.stopped ||= inner.stopped;
    return inner.stopped;
  }

  async #step(step: FlatStep, place: Place, strand: Strand): Promise<void> {
    const at = this.#options.clock.now();
    if (!this.#options.sendData && sendsData(step)) {
      this.#tell(
        step,
        place,
        strand,
        at,
        { answers: [], traffic: [], skipped: 'live runs stop before DATA; --send-data lets them go on' },
        [],
      );
      strand.stopped = true;
      return;
    }
    if ('pipeline' in step) return this.#pipeline(step, place, strand, at);
    const deed = await this.#do(step, strand);
    const checks = deed.observed ? judge('expect' in step ? step.expect : undefined, deed.observed) : [];
    this.#tell(step, place, strand, at, deed, checks);
  }

  #do(step: Exclude<FlatStep, { pipeline: unknown }>, strand: Strand): Promise<Deed> {
    if ('connect' in step) return this.#connect(step, strand);
    if ('wait' in step) return this.#wait(step.wait, strand);
    if ('attempt' in step) return this.#attempt(step);
    if ('switch' in step) return this.#switch(step);
    if ('include' in step) throw new TypeError('an include step must have been expanded');
    return this.#command(step, strand);
  }

  async #connect(step: Extract<FlatStep, { connect: string }>, strand: Strand): Promise<Deed> {
    const { address, port, implicitTls } = this.#stand.endpoint(step.connect);
    const from = step.from ?? this.#scenario.from;
    const patience = patienceOf(step.patience ?? this.#scenario.patience);
    const { session, greeting } = await Session.open(this.#stand.environment, {
      host: step.connect,
      address,
      port: step.port ?? port,
      ...(from === undefined ? {} : { from }),
      ...(step.tls === 'implicit' || implicitTls ? { tls: 'implicit' } : {}),
      ...(step['verify-tls'] ? { verifyTls: true } : {}),
      ...(patience ? { patience } : {}),
    });
    const open: OpenSession = { session, host: step.connect, told: 0, messageDue: false };
    this.#opened.push(open);
    if (step.as !== undefined) this.#sessions.set(step.as, open);
    strand.current = open;
    return this.#observe(open, [greeting], step.expect);
  }

  async #wait(delay: number, strand: Strand): Promise<Deed> {
    await this.#options.clock.sleep(delay);
    return { answers: [], traffic: strand.current ? [this.#trafficOf(strand.current)] : [] };
  }

  async #attempt(step: Extract<FlatStep, { attempt: unknown }>): Promise<Deed> {
    const patience = patienceOf(step.patience ?? this.#scenario.patience);
    const { observed, transcripts, answers } = await runAttempt(
      step,
      this.#scenario,
      this.#stand.environment,
      patience,
    );
    this.#attempts.push(...transcripts);
    const traffic = transcripts.map(({ host, events }) => this.#named(host, events));
    return {
      answers,
      observed: this.#withReason(observed, transcripts.at(-1)?.host),
      traffic,
      ...(observed.recipients ? { recipients: observed.recipients } : {}),
    };
  }

  async #switch(step: Extract<FlatStep, { switch: string }>): Promise<Deed> {
    const host = this.#stand.lab.hosts.get(step.switch);
    if (!host) return { answers: [], traffic: [], skipped: 'a real host has no situations to switch' };
    host.switch(step.on ?? step.off ?? '', step.on !== undefined);
    return { answers: [], traffic: [] };
  }

  async #command(step: Parameters<typeof carryOut>[0], strand: Strand): Promise<Deed> {
    const open = this.#sessionOf(step.on, strand);
    const context = {
      sender: addressOf(this.#scenario.sender),
      now: this.#options.clock.now(),
      messageDue: open.messageDue,
    };
    try {
      const answers = await carryOut(step, open.session, context);
      open.messageDue = false;
      return answers.length === 0
        ? { answers, traffic: [this.#trafficOf(open)] }
        : this.#observe(open, answers, 'expect' in step ? step.expect : undefined);
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      return {
        answers: [],
        traffic: [],
        observed: {
          result: { kind: 'withheld', why: `${error.message}; to send it all the same, use send` },
          elapsed: 0,
        },
      };
    }
  }

  async #pipeline(
    step: Extract<FlatStep, { pipeline: unknown }>,
    place: Place,
    strand: Strand,
    at: number,
  ): Promise<void> {
    const open = this.#sessionOf(step.on, strand);
    const options = {
      ...(step.force ? { force: true } : {}),
      ...(step.patience === undefined ? {} : { patience: step.patience }),
    };
    const answers = await open.session.pipeline(groupOf(step.pipeline), options);
    const traffic = [this.#trafficOf(open)];
    for (const [i, inner] of step.pipeline.entries()) {
      const answer = answers[i];
      if (!answer || strand.stopped) return;
      const observed = this.#observation(open, answer);
      const here = { ...place, path: [...place.path, 'pipeline', i] };
      if ('data' in inner) open.messageDue = answer.kind === 'reply' && answer.reply.code === 354;
      this.#tell(
        inner,
        here,
        strand,
        at,
        { answers: [answer], traffic: i === 0 ? traffic : [], observed },
        judge(inner.expect, observed),
      );
    }
  }

  /** The session of a step by name, or the latest of the strand. */
  #sessionOf(name: string | undefined, strand: Strand): OpenSession {
    const open = name === undefined ? strand.current : this.#sessions.get(name);
    if (!open)
      throw new TypeError(
        name === undefined ? 'no connect came before this step' : `no session is called ${name}`,
      );
    return open;
  }

  /** What the last answer shows; where the scenario asks who hangs up, the host is given time for it. */
  async #observe(open: OpenSession, answers: readonly Got[], expect: Expectation | undefined): Promise<Deed> {
    const last = answers.at(-1) as Got;
    const asked = expect?.map((expected) => expected['closed-by']).find((who) => who !== undefined);
    const seen: Partial<Observed> =
      asked && last.kind === 'reply' ? { closedBy: await this.#whoHangsUp(open, asked) } : {};
    return {
      answers,
      observed: { ...this.#observation(open, last), ...seen },
      traffic: [this.#trafficOf(open)],
    };
  }

  async #whoHangsUp({ session }: OpenSession, asked: 'host' | 'nobody'): Promise<'host' | 'nobody'> {
    await session.next({ patience: hangUpPatience[asked] });
    return session.ended ? 'host' : 'nobody';
  }

  #observation({ session, host }: OpenSession, result: Got): Observed {
    const elapsed = 'elapsed' in result ? result.elapsed : 0;
    return this.#withReason({ result, elapsed, capabilities: session.capabilities, tls: session.tls }, host);
  }

  #withReason(observed: Observed, host: string | undefined): Observed {
    const { result } = observed;
    if (!('reply' in result)) return observed;
    const provider = host === undefined ? undefined : this.#stand.provider(host);
    const reason = this.#options.knowledge.reasonOf(result.reply, {
      stage: result.stage,
      ...(provider === undefined ? {} : { provider }),
    });
    return { ...observed, reason };
  }

  /** What has happened on a session since it was last told. */
  #trafficOf(open: OpenSession): StepTraffic {
    const events = open.session.transcript.events.slice(open.told);
    open.told += events.length;
    return this.#named(open.host, events);
  }

  #named(host: string, events: StepTraffic['events']): StepTraffic {
    const provider = this.#stand.provider(host);
    return { host, events, ...(provider === undefined ? {} : { provider }) };
  }

  #tell(
    step: FlatStep | GroupStep,
    place: Place,
    strand: Strand,
    at: number,
    deed: Deed,
    checks: readonly Check[],
  ): void {
    const passed = checks.every((check) => check.passed);
    if (!passed) strand.stopped = true;
    this.#options.onStep({
      number: ++this.#number,
      title: titleOf(step),
      verb: verbOf(step),
      place,
      branch: strand.branch,
      at: at - this.#started,
      took: this.#options.clock.now() - at,
      traffic: deed.traffic.filter(({ events }) => events.length > 0),
      answers: deed.answers.filter((answer): answer is Answer => answer.kind !== 'withheld'),
      ...(deed.recipients ? { recipients: deed.recipients } : {}),
      checks,
      ...(deed.skipped === undefined ? {} : { skipped: deed.skipped }),
      passed,
    });
  }
}

/** One time for all stages, or a time for each. */
function patienceOf(
  source: number | Readonly<Record<string, number | undefined>> | undefined,
): Patience | undefined {
  if (source === undefined) return undefined;
  if (typeof source === 'number') return Object.fromEntries(stages.map((stage) => [stage, source]));
  return Object.fromEntries(Object.entries(source).filter(([, time]) => time !== undefined)) as Patience;
}
