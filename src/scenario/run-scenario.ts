import type { Clock } from '../time/clock.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { ScenarioResult, StepResult } from './result.ts';
import type { RunOptions } from './run.ts';
import type { Scenario } from './scenario.ts';
import { SessionDesk } from './session-desk.ts';
import { setUpStand, type Target } from './stand.ts';
import { StepRunner } from './step-runner.ts';
import { StrandRunner } from './strand-runner.ts';

/** What one scenario needs to run. */
export interface ScenarioOptions extends Omit<RunOptions, 'target' | 'parallel' | 'bail' | 'realTime'> {
  readonly clock: Clock;
  readonly target?: Target | undefined;
  readonly onStep: (step: StepResult) => void;
}

/** Runs one scenario in a stand of its own, until its end or the first step that fails. Never rejects. */
export async function runScenario(scenario: Scenario, options: ScenarioOptions): Promise<ScenarioResult> {
  const started = { simulated: options.clock.now(), real: options.stopwatch() };
  const steps: StepResult[] = [];
  const finish = (transcripts: readonly Transcript[], defect?: string): ScenarioResult => ({
    scenario,
    steps,
    transcripts,
    simulated: options.clock.now() - started.simulated,
    real: options.stopwatch() - started.real,
    passed: defect === undefined && steps.every((step) => step.passed),
    ...(defect === undefined ? {} : { defect }),
  });
  const onStep = (step: StepResult): void => {
    steps.push(step);
    options.onStep(step);
  };
  try {
    const stand = await setUpStand(scenario, options);
    const desk = new SessionDesk(stand, options.knowledge);
    const runner = new StepRunner(scenario, stand, desk);
    try {
      await interruptibly(
        new StrandRunner(runner, { ...options, onStep }).run(scenario.steps),
        options.signal,
      );
      return finish(runner.transcripts, options.signal.aborted ? 'interrupted' : undefined);
    } finally {
      await (options.target && !options.signal.aborted ? desk.leave() : desk.hangUp('reset'));
      await stand.close();
    }
  } catch (error) {
    return finish([], options.signal.aborted ? 'interrupted' : describeDefect(error));
  }
}

/** Waits for the work, or no longer than until the signal fires: what is under way is then broken off. */
async function interruptibly(work: Promise<void>, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return;
  let interrupt = (): void => {};
  const interrupted = new Promise<void>((resolve) => {
    interrupt = resolve;
  });
  signal.addEventListener('abort', interrupt);
  work.catch(() => {}); // after an interruption nobody asks any more
  await Promise.race([work, interrupted]).finally(() => signal.removeEventListener('abort', interrupt));
}

function describeDefect(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const told = ['NotInLabError', 'NotLiveError', 'NotOursError'].includes(error.name);
  return told ? error.message : (error.stack ?? error.message);
}
