import { setMaxListeners } from 'node:events';
import type { Issue } from '../datafile/issue.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Dial } from '../probe/environment.ts';
import type { ProviderShelf } from '../sim/load-profiles.ts';
import { RealClock } from '../time/real-clock.ts';
import { VirtualClock } from '../time/virtual-clock.ts';
import { leavesLab } from './beyond-lab.ts';
import { compareRuns } from './compare.ts';
import type { RunListener, RunTotals, ScenarioResult, StepResult } from './result.ts';
import { runScenario, type ScenarioOptions } from './run-scenario.ts';
import type { Scenario } from './scenario.ts';
import type { Target } from './stand.ts';

export interface RunOptions {
  readonly seed: string;
  readonly shelf: ProviderShelf;
  readonly knowledge: Knowledge;
  readonly dialWorld: Dial;
  readonly target?: Target;
  /** Scenarios at the same time. */
  readonly parallel: number;
  readonly bail: boolean;
  /** Waits are waited for. Always so with a target, and for scenarios that leave the lab. */
  readonly realTime: boolean;
  /** False stops every scenario before DATA and BDAT. */
  readonly sendData: boolean;
  /** Stops the run; what is under way is broken off. */
  readonly signal: AbortSignal;
  /** The world's clock in ms, for how long things really took. */
  readonly stopwatch: () => number;
}

/** Runs scenarios, several at a time if asked, and tells the listener about them in the order given. */
export async function runScenarios(
  scenarios: readonly Scenario[],
  options: RunOptions,
  listener: RunListener,
): Promise<RunTotals> {
  const started = options.stopwatch();
  const { target } = options;
  listener.onRunStart?.({
    scenarios: scenarios.length,
    files: new Set(scenarios.map(({ file }) => file)).size,
    seed: options.seed,
    ...(target ? { target: `${target.host}:${target.port}` } : {}),
  });
  const signal = AbortSignal.any([options.signal]);
  setMaxListeners(0, signal); // every connection listens
  const turns = new Turns(scenarios, { ...options, signal }, listener);
  await Promise.all(
    Array.from({ length: Math.max(1, Math.min(options.parallel, scenarios.length)) }, () => turns.work()),
  );
  const totals = turns.totals(options.stopwatch() - started);
  await listener.onRunEnd?.(totals);
  return totals;
}

/** Hands scenarios to workers and their events to the listener in order: the first unfinished one speaks live. */
class Turns {
  readonly #scenarios: readonly Scenario[];
  readonly #options: RunOptions;
  readonly #listener: RunListener;
  readonly #waiting = new Map<number, (() => void)[]>();
  readonly #running = new Map<number, string>();
  readonly #results: ScenarioResult[] = [];
  #next = 0;
  #speaking = 0;
  readonly #finished = new Set<number>();

  constructor(scenarios: readonly Scenario[], options: RunOptions, listener: RunListener) {
    this.#scenarios = scenarios;
    this.#options = options;
    this.#listener = listener;
  }

  async work(): Promise<void> {
    const { signal, bail } = this.#options;
    while (!signal.aborted && !(bail && this.#results.some((result) => !result.passed))) {
      const turn = this.#next++;
      const scenario = this.#scenarios[turn];
      if (!scenario) return;
      this.#running.set(turn, scenario.scenario);
      this.#progress();
      this.#say(turn, () => this.#listener.onScenarioStart?.(scenario));
      const result = await runOne(scenario, this.#options, (step) =>
        this.#say(turn, () => this.#listener.onStepEnd?.(step, scenario)),
      );
      this.#results.push(result);
      this.#running.delete(turn);
      this.#say(turn, () => this.#listener.onScenarioEnd?.(result));
      this.#finish(turn);
      this.#progress();
    }
  }

  totals(real: number): RunTotals {
    const defects = this.#results.filter(({ defect }) => defect !== undefined).length;
    const passed = this.#results.filter((result) => result.passed).length;
    return {
      passed,
      failed: this.#results.length - passed - defects,
      defects,
      notRun: this.#scenarios.length - this.#results.length,
      simulated: this.#results.reduce((sum, result) => sum + result.simulated, 0),
      real,
    };
  }

  #say(turn: number, words: () => void): void {
    if (turn === this.#speaking) words();
    else this.#waiting.set(turn, [...(this.#waiting.get(turn) ?? []), words]);
  }

  #finish(turn: number): void {
    this.#finished.add(turn);
    while (this.#finished.has(this.#speaking)) {
      this.#speaking++;
      for (const words of this.#waiting.get(this.#speaking) ?? []) words();
      this.#waiting.delete(this.#speaking);
    }
  }

  #progress(): void {
    this.#listener.onProgress?.({
      running: [...this.#running.values()],
      done: this.#results.length,
      failed: this.#results.filter((result) => !result.passed).length,
      of: this.#scenarios.length,
    });
  }
}

/** Runs a scenario; with a target, first against its simulated hosts and then against the target, and compares. */
async function runOne(
  scenario: Scenario,
  options: RunOptions,
  onStep: (step: StepResult) => void,
): Promise<ScenarioResult> {
  const { target } = options;
  const shared = { ...options, seed: `${options.seed} ${scenario.scenario} ${scenario.variant}`, onStep };
  if (!target && !options.realTime && !leavesLab(scenario)) {
    return runScenario(scenario, { ...shared, clock: new VirtualClock() });
  }
  if (!target || leavesLab(scenario)) return runInRealTime(scenario, shared);
  const simulated = { target: undefined, clock: new VirtualClock(), onStep: () => {} };
  const twin = await runScenario(scenario, { ...shared, ...simulated });
  const result = await runInRealTime(scenario, shared);
  return { ...result, simulatedTwin: twin, differences: compareRuns(twin, result) };
}

/** When it is over, or broken off, nothing that a host still meant to do keeps the process waiting. */
async function runInRealTime(
  scenario: Scenario,
  options: Omit<ScenarioOptions, 'clock'>,
): Promise<ScenarioResult> {
  const over = new AbortController();
  const clock = new RealClock(AbortSignal.any([options.signal, over.signal]));
  const result = await runScenario(scenario, { ...options, clock });
  over.abort();
  return result;
}

/** Tells several listeners of one run. */
export function together(listeners: readonly RunListener[]): RunListener {
  const tell = (words: (listener: RunListener) => void): void => {
    for (const listener of listeners) words(listener);
  };
  return {
    onRunStart: (facts) => tell((listener) => listener.onRunStart?.(facts)),
    onProgress: (facts) => tell((listener) => listener.onProgress?.(facts)),
    onScenarioStart: (scenario) => tell((listener) => listener.onScenarioStart?.(scenario)),
    onStepEnd: (step, scenario) => tell((listener) => listener.onStepEnd?.(step, scenario)),
    onScenarioEnd: (result) => tell((listener) => listener.onScenarioEnd?.(result)),
    onIssues: (issues: readonly Issue[]) => tell((listener) => listener.onIssues?.(issues)),
    onRunEnd: async (totals) => {
      for (const listener of listeners) await listener.onRunEnd?.(totals);
    },
  };
}
