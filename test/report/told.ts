import { parseDocument } from '../../src/datafile/document.ts';
import { type Check, judge, type Observed } from '../../src/scenario/check.ts';
import type { Expectation } from '../../src/scenario/expectation.ts';
import type { ScenarioResult, StepResult } from '../../src/scenario/result.ts';
import { type PlacedStep, type Scenario, scenarioSchema } from '../../src/scenario/scenario.ts';
import { titleOf, verbOf } from '../../src/scenario/step-title.ts';
import { capabilitiesOf } from '../../src/smtp/capabilities.ts';
import { replyFromLines } from '../../src/smtp/reply.ts';
import type { Stage } from '../../src/smtp/stage.ts';
import type { Answer, Ending } from '../../src/transcript/ending.ts';
import type { TlsFacts, TranscriptEvent } from '../../src/transcript/transcript.ts';

/** Where the clock stands when a scenario of these tests begins. */
const epoch = Date.UTC(2026, 0, 5, 9, 0, 0);

/** A scenario as the loader makes it of a text, without its checks of names. */
export function scenarioOf(file: string, text: string, variant = ''): Scenario {
  const source = { file, text };
  const parsed = parseDocument(source, scenarioSchema);
  if ('issues' in parsed)
    throw new Error(parsed.issues.map(({ line, message }) => `${line}: ${message}`).join('\n'));
  const steps = parsed.value.steps.map(
    (step, i): PlacedStep => ({ step, place: { source, at: parsed.at, path: ['steps', i] }, branches: [] }),
  );
  return { ...parsed.value, file, variant, steps };
}

type Bare = TranscriptEvent extends infer E
  ? E extends TranscriptEvent
    ? Omit<E, 'at' | 'tls'>
    : never
  : never;

/** What happens in a step, one after the other: we speak, the host speaks, time goes by, something else. */
export type Happening =
  | { readonly say: readonly string[]; readonly bytes?: number }
  | { readonly hear: readonly string[]; readonly stage: Stage; readonly unsolicited?: true }
  | { readonly scraps: readonly string[] }
  | { readonly pass: number }
  | { readonly connect: string; readonly port?: number; readonly host?: string }
  | { readonly secured: TlsFacts }
  | { readonly left: 'closed' | 'reset' }
  | { readonly end: Ending }
  | { readonly hangUp: true };

interface Circumstances {
  readonly index?: number;
  readonly branch?: string;
  readonly observed?: Partial<Observed>;
  readonly skipped?: string;
  readonly path?: readonly (string | number)[];
}

/** Tells a scenario as the runner would, with times and checks of the real kind. */
export class Told {
  readonly scenario: Scenario;
  readonly steps: StepResult[] = [];
  readonly #host: string;
  readonly #provider: string | undefined;
  #now = epoch;
  #tls = false;
  #events: TranscriptEvent[] = [];

  constructor(scenario: Scenario, provider?: string) {
    this.scenario = scenario;
    const [host = 'mx.example.net'] = Object.keys(scenario.hosts);
    this.#host = host;
    this.#provider = provider;
  }

  /** The next step of the scenario, or one of a certain index. */
  step(
    happenings: readonly Happening[],
    { index = this.steps.length, branch = '', observed, skipped, path }: Circumstances = {},
  ): this {
    const placed = this.scenario.steps[index];
    if (!placed) throw new Error(`the scenario has no step ${index}`);
    const { step } = placed;
    const began = this.#now;
    const first = this.#events.length;
    const answers = happenings.flatMap((happening) => this.#happen(happening));
    const last = answers.at(-1);
    const expectation = 'expect' in step ? (step.expect as Expectation | undefined) : undefined;
    const checks: Check[] =
      last || observed
        ? judge(expectation, { ...observedOf(last, this.#now - began), ...observed } as Observed)
        : [];
    const events = this.#events.slice(first);
    const provider = this.#provider === undefined ? {} : { provider: this.#provider };
    this.steps.push({
      number: this.steps.length + 1,
      title: titleOf(step as never),
      verb: verbOf(step as never),
      place: path ? { ...placed.place, path } : placed.place,
      branch,
      at: began - epoch,
      took: this.#now - began,
      traffic: events.length > 0 ? [{ host: this.#host, ...provider, events }] : [],
      answers,
      checks,
      ...(skipped === undefined ? {} : { skipped }),
      passed: checks.every(({ passed }) => passed),
    });
    return this;
  }

  result(more: Partial<ScenarioResult> = {}): ScenarioResult {
    return {
      scenario: this.scenario,
      steps: this.steps,
      transcripts: [{ host: this.#host, events: this.#events }],
      simulated: this.#now - epoch,
      real: 12,
      passed: this.steps.every(({ passed }) => passed),
      ...more,
    };
  }

  #happen(happening: Happening): Answer[] {
    if ('pass' in happening) {
      this.#now += happening.pass;
      return [];
    }
    if ('hear' in happening) {
      const { hear, stage, unsolicited } = happening;
      const asked = unsolicited ? { unsolicited } : {};
      this.#record({ kind: 'received', lines: hear, bytes: bytesOf(hear), ...asked });
      return [{ kind: 'reply', stage, reply: replyFromLines(hear), elapsed: 0, ...asked }];
    }
    if ('end' in happening) {
      this.#record({ kind: 'ended', ending: happening.end });
      return [happening.end];
    }
    this.#record(this.#eventOf(happening));
    return [];
  }

  #eventOf(happening: Exclude<Happening, { pass: number } | { hear: unknown } | { end: unknown }>): Bare {
    if ('say' in happening)
      return { kind: 'sent', lines: happening.say, bytes: happening.bytes ?? bytesOf(happening.say) };
    if ('scraps' in happening)
      return { kind: 'received', lines: happening.scraps, bytes: bytesOf(happening.scraps) };
    if ('left' in happening) return { kind: 'left', how: happening.left };
    if ('hangUp' in happening) return { kind: 'hung-up' };
    if ('secured' in happening) {
      this.#tls = true;
      return { kind: 'secured', facts: happening.secured };
    }
    return {
      kind: 'connected',
      host: happening.host ?? this.#host,
      address: happening.connect,
      port: happening.port ?? 25,
    };
  }

  #record(event: Bare): void {
    this.#events.push({ at: this.#now, tls: this.#tls, ...event });
  }
}

function observedOf(answer: Answer | undefined, elapsed: number): Observed | undefined {
  if (!answer) return undefined;
  return {
    result: answer,
    elapsed,
    ...(answer.kind === 'reply' && answer.stage === 'ehlo'
      ? { capabilities: capabilitiesOf(answer.reply) }
      : {}),
  };
}

function bytesOf(lines: readonly string[]): number {
  return lines.reduce((sum, line) => sum + line.length + 2, 0);
}

/** An ending with the surroundings filled in. */
export function endingAt(stage: Stage, what: Partial<Ending> & { readonly kind: Ending['kind'] }): Ending {
  return { stage, lastSent: '', lastReceived: '', elapsed: 0, tls: false, ...what } as Ending;
}
