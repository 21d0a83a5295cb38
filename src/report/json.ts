import type { Issue } from '../datafile/issue.ts';
import type { Difference, RunListener, RunTotals, ScenarioResult, StepResult } from '../scenario/result.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { Dialogue } from './dialogue.ts';
import { shownFile } from './file-name.ts';
import { recordOfEntry } from './json-entry.ts';
import { jsonLine } from './json-text.ts';
import { positionOfCheck } from './place.ts';
import type { ReporterOptions } from './reporter-options.ts';

/** Raised when a field changes its meaning or goes. */
const jsonFormat = 1;

/** One JSON object for each line, as `json-format.md` says. Times are ms on the run's clock, except `realMs`. */
export class JsonReporter implements RunListener {
  readonly #options: Pick<ReporterOptions, 'write' | 'knowledge' | 'directory'>;
  #scenario = 0;
  #dialogue = new Dialogue();

  constructor(options: Pick<ReporterOptions, 'write' | 'knowledge' | 'directory'>) {
    this.#options = options;
  }

  onRunStart({
    scenarios,
    files,
    seed,
    target,
  }: Parameters<NonNullable<RunListener['onRunStart']>>[0]): void {
    this.#say('run', { format: jsonFormat, scenarios, files, seed, target: target?.replace(/:\d+$/, '') });
  }

  onScenarioStart({ scenario, file, variant, tags, rules }: Scenario): void {
    this.#scenario++;
    this.#dialogue = new Dialogue();
    this.#say('scenario', {
      scenario: this.#scenario,
      title: scenario,
      variant,
      file: this.#file(file),
      tags,
      rules,
    });
  }

  onStepEnd(step: StepResult): void {
    const { number, title, verb, branch, at, took, skipped, passed, place } = step;
    const { line, column } = place.at(place.path);
    const ids = { scenario: this.#scenario, step: number };
    this.#say('step', {
      ...ids,
      title,
      verb,
      branch,
      file: this.#file(place.source.file),
      line,
      column,
      atMs: at,
      tookMs: took,
      passed,
      skipped,
    });
    for (const entry of this.#dialogue.entriesOf(step)) {
      const record = recordOfEntry(entry, this.#options.knowledge);
      if (record) this.#say(record.type, { ...ids, ...record.fields });
    }
    this.#recipients(step, ids);
    for (const check of step.checks) {
      const { line, column } = positionOfCheck(step, check);
      const { passed, path, expected, found } = check;
      this.#say('check', {
        ...ids,
        passed,
        path: path.join('.'),
        expected,
        found,
        file: this.#file(place.source.file),
        line,
        column,
      });
    }
  }

  onScenarioEnd({ steps, simulated, real, passed, defect, differences = [] }: ScenarioResult): void {
    for (const difference of differences) this.#difference(difference);
    this.#say('end', {
      of: 'scenario',
      scenario: this.#scenario,
      passed,
      steps: steps.length,
      defect,
      simulatedMs: simulated,
      realMs: Math.round(real),
    });
  }

  onIssues(issues: readonly Issue[]): void {
    for (const { file, line, column, length, message, hint } of issues) {
      this.#say('issue', { file: this.#file(file), line, column, length, message, hint });
    }
  }

  onRunEnd({ passed, failed, defects, notRun, simulated, real }: RunTotals): void {
    this.#say('end', {
      of: 'run',
      passed,
      failed,
      defects,
      notRun,
      simulatedMs: simulated,
      realMs: Math.round(real),
    });
  }

  #recipients({ recipients }: StepResult, ids: object): void {
    for (const [recipient, outcome] of recipients ?? []) {
      const { kind, stage } = outcome;
      const code = 'reply' in outcome ? { code: outcome.reply.code, enhanced: outcome.reply.enhanced } : {};
      this.#say('recipient', { ...ids, recipient, outcome: kind, stage, ...code });
    }
  }

  #difference({ step, simulated, real, matters, capabilities }: Difference): void {
    this.#say('difference', {
      scenario: this.#scenario,
      step: step.number,
      title: step.title,
      matters,
      capabilities,
      simulated,
      real,
    });
  }

  #file(file: string): string {
    return shownFile(file, this.#options.directory);
  }

  #say(type: string, fields: object): void {
    this.#options.write(`${jsonLine({ type, ...fields })}\n`);
  }
}
