import { rawBytes } from '../text/raw-bytes.ts';
import type { Clock } from '../time/clock.ts';
import type { Answer } from '../transcript/ending.ts';
import { type Check, judge } from './check.ts';
import type { StepResult } from './result.ts';
import type { Place, PlacedStep } from './scenario.ts';
import type { FlatStep, GroupStep } from './step.ts';
import type { Deed, StepRunner, Strand } from './step-runner.ts';
import { titleOf, verbOf } from './step-title.ts';
import { judgeVerified } from './verify-check.ts';

/** What following the steps of a scenario needs besides carrying them out. */
export interface StrandOptions {
  readonly clock: Clock;
  /** False stops every strand before it sends a message. */
  readonly sendData: boolean;
  readonly signal: AbortSignal;
  readonly onStep: (step: StepResult) => void;
}

const beforeData = 'live runs stop before DATA; --send-data lets them go on';

/** Follows steps in order, round by round and branch by branch, and judges them. A step that fails ends its strand. */
export class StrandRunner {
  readonly #runner: StepRunner;
  readonly #options: StrandOptions;
  readonly #started: number;
  #number = 0;

  constructor(runner: StepRunner, options: StrandOptions) {
    this.#runner = runner;
    this.#options = options;
    this.#started = options.clock.now();
  }

  async run(steps: readonly PlacedStep[]): Promise<void> {
    await this.#follow(steps, { branch: '', current: undefined, stopped: false });
  }

  async #follow(steps: readonly PlacedStep[], strand: Strand): Promise<void> {
    for (const placed of steps) {
      if (strand.stopped || this.#options.signal.aborted) return;
      const { step } = placed;
      if ('repeat' in step) await this.#rounds(placed, step.repeat, strand);
      else if ('parallel' in step) await this.#atOnce(placed, strand);
      else await this.#step(step, placed.place, strand);
    }
  }

  async #rounds({ branches: [steps = []] }: PlacedStep, rounds: number, strand: Strand): Promise<void> {
    for (let round = 1; round <= rounds && !strand.stopped && !this.#options.signal.aborted; round++) {
      const inner = branchOf(strand, `${round}/${rounds}`);
      await this.#follow(steps, inner);
      strand.current = inner.current;
      strand.stopped = inner.stopped;
    }
  }

  async #atOnce({ branches }: PlacedStep, strand: Strand): Promise<void> {
    const strands = branches.map((_, i) => branchOf(strand, `${i + 1}`));
    await Promise.all(branches.map((steps, i) => this.#follow(steps, strands[i] as Strand)));
    strand.stopped = strands.some(({ stopped }) => stopped);
  }

  async #step(step: FlatStep, place: Place, strand: Strand): Promise<void> {
    const at = this.#options.clock.now();
    if (!this.#options.sendData && sendsMessage(step)) {
      strand.stopped = true;
      return this.#tell(step, place, strand, at, { answers: [], traffic: [], skipped: beforeData });
    }
    if (!('pipeline' in step))
      return this.#tell(step, place, strand, at, await this.#runner.run(step, strand));
    const deeds = await this.#runner.runGroup(step, strand);
    for (const [i, deed] of deeds.entries()) {
      const inner = step.pipeline[i];
      if (!inner || strand.stopped) return;
      this.#tell(inner, { ...place, path: [...place.path, 'pipeline', i] }, strand, at, deed);
    }
  }

  #tell(step: FlatStep | GroupStep, place: Place, strand: Strand, at: number, deed: Deed): void {
    if (this.#options.signal.aborted) return; // what came of it is our own doing
    const checks = checksOf(step, deed);
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
      ...(deed.found ? { verified: deed.found.verified } : {}),
      checks,
      ...(deed.skipped === undefined ? {} : { skipped: deed.skipped }),
      passed,
    });
  }
}

function checksOf(step: FlatStep | GroupStep, { observed, found }: Deed): Check[] {
  if ('verify' in step) return found ? judgeVerified(step.expect, found) : [];
  return observed ? judge('expect' in step ? step.expect : undefined, observed) : [];
}

/** A strand within another one, with the session that the other is in. */
function branchOf({ branch, current }: Strand, name: string): Strand {
  return { branch: branch === '' ? name : `${branch} ${name}`, current, stopped: false };
}

/** Steps that send a message, raw bytes that look like it among them; live runs stop before them. */
function sendsMessage(step: FlatStep): boolean {
  if ('attempt' in step) return step.message !== undefined;
  if ('pipeline' in step) return step.pipeline.some((inner) => 'data' in inner);
  if ('send' in step) return /^\s*(?:data|bdat)\b/im.test(rawBytes(step.send).toString('latin1'));
  return 'data' in step || 'bdat' in step;
}
