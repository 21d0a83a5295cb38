import type { Issue } from '../datafile/issue.ts';
import type { Answer, Outcome } from '../transcript/ending.ts';
import type { Transcript, TranscriptEvent } from '../transcript/transcript.ts';
import type { Check } from './check.ts';
import type { CapabilityDifference } from './compare-capabilities.ts';
import type { Place, Scenario } from './scenario.ts';
import type { Verified } from './verified.ts';

/** What happened on one connection during one step. */
export interface StepTraffic {
  /** The name the connection's host has in the scenario. */
  readonly host: string;
  /** The provider whose profile the host follows; absent for a real host. */
  readonly provider?: string;
  readonly events: readonly TranscriptEvent[];
}

/** A step as it went. Times are the run's clock, in ms since the scenario began. */
export interface StepResult {
  /** Counts from 1 in the order in which steps end. */
  readonly number: number;
  /** `MAIL FROM:<ada@example.net>`, or the step's own title. */
  readonly title: string;
  readonly verb: string;
  readonly place: Place;
  /** `2` in the second branch of a parallel step, `3/5` in the third round of five; empty elsewhere. */
  readonly branch: string;
  readonly at: number;
  readonly took: number;
  readonly traffic: readonly StepTraffic[];
  readonly answers: readonly Answer[];
  /** Of an attempt: what each recipient came to. */
  readonly recipients?: ReadonlyMap<string, Outcome>;
  /** Of a verify step: what was found out about each address. */
  readonly verified?: readonly Verified[];
  readonly checks: readonly Check[];
  /** Why the step was not carried out, such as a live run that stops before DATA. */
  readonly skipped?: string;
  readonly passed: boolean;
}

/** A scenario as it went. */
export interface ScenarioResult {
  readonly scenario: Scenario;
  readonly steps: readonly StepResult[];
  readonly transcripts: readonly Transcript[];
  /** ms on the run's clock, and on the world's. */
  readonly simulated: number;
  readonly real: number;
  readonly passed: boolean;
  /** What kept it from running to its end: a defect of ours or of the surroundings. */
  readonly defect?: string;
  /** With --target: the same scenario against its simulated hosts, and where the two differ. */
  readonly simulatedTwin?: ScenarioResult;
  readonly differences?: readonly Difference[];
}

/** A step to which the simulated and the real host gave different answers. */
export interface Difference {
  readonly step: StepResult;
  readonly simulated: readonly string[];
  readonly real: readonly string[];
  /** Codes, enhanced codes or endings differ. */
  readonly matters: boolean;
  /** What EHLO does not offer alike. */
  readonly capabilities: readonly CapabilityDifference[];
}

export interface RunTotals {
  readonly passed: number;
  readonly failed: number;
  readonly defects: number;
  /** Scenarios that --bail kept from running. */
  readonly notRun: number;
  readonly simulated: number;
  readonly real: number;
}

/** Listens to a run. Decides nothing, and may leave any event unheard. Scenarios come in file order, one at a time. */
export interface RunListener {
  onRunStart?(facts: {
    readonly scenarios: number;
    readonly files: number;
    readonly seed: string;
    readonly target?: string;
  }): void;
  /** Progress of scenarios that run at the same time; not in file order. */
  onProgress?(facts: {
    readonly running: readonly string[];
    readonly done: number;
    readonly failed: number;
    readonly of: number;
  }): void;
  onScenarioStart?(scenario: Scenario): void;
  onStepEnd?(step: StepResult, scenario: Scenario): void;
  onScenarioEnd?(result: ScenarioResult): void;
  /** Files that could not be read as scenarios. */
  onIssues?(issues: readonly Issue[]): void;
  onRunEnd?(totals: RunTotals): void | Promise<void>;
}
