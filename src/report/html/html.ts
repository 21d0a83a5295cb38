import type { Issue } from '../../datafile/issue.ts';
import { renderIssue } from '../../datafile/render-issue.ts';
import type { RunListener, RunTotals, ScenarioResult } from '../../scenario/result.ts';
import { escapeControls } from '../../text/escape.ts';
import { shownFile } from '../file-name.ts';
import type { ReporterOptions } from '../reporter-options.ts';
import { traceOf } from '../trace-of.ts';
import { PageWriter } from './page-writer.ts';

type Options = Pick<ReporterOptions, 'write' | 'knowledge' | 'directory' | 'clock'>;

/** One HTML page that needs nothing else: every dialogue as a diagram, every reply explained. */
export class HtmlReporter implements RunListener {
  readonly #options: Options;
  readonly #page: PageWriter;
  #issues: readonly string[] = [];
  #seed: string | undefined;
  #target: string | undefined;

  constructor(options: Options) {
    this.#options = options;
    this.#page = new PageWriter(options.write);
  }

  onRunStart({ seed, target }: Parameters<NonNullable<RunListener['onRunStart']>>[0]): void {
    this.#seed = escapeControls(seed);
    this.#target = target === undefined ? undefined : escapeControls(target);
  }

  onScenarioEnd(result: ScenarioResult): void {
    this.#page.add(traceOf(result, this.#options.knowledge, this.#options.directory));
  }

  onIssues(issues: readonly Issue[]): void {
    const { directory } = this.#options;
    this.#issues = issues.map((issue) => renderIssue({ ...issue, file: shownFile(issue.file, directory) }));
  }

  onRunEnd({ passed, failed, defects, notRun, simulated, real }: RunTotals): void {
    this.#page.end({
      from: 'run',
      seed: this.#seed,
      target: this.#target,
      madeAt: this.#options.clock?.now(),
      passed,
      failed,
      defects,
      notRun,
      simulatedMs: simulated,
      realMs: Math.round(real),
      issues: this.#issues,
    });
  }
}
