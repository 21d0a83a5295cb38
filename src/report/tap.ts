import type { Issue } from '../datafile/issue.ts';
import type { RunListener, RunTotals, ScenarioResult } from '../scenario/result.ts';
import { escapeControls } from '../text/escape.ts';
import { type Failure, failuresOf, titleOf } from './failures.ts';
import { shownFile } from './file-name.ts';
import type { ReporterOptions } from './reporter-options.ts';

type Options = Pick<ReporterOptions, 'write' | 'directory'>;

/** TAP version 14: a test point for each scenario as it ends, with a YAML block for what failed. https://testanything.org */
export class TapReporter implements RunListener {
  readonly #options: Options;
  #points = 0;

  constructor(options: Options) {
    this.#options = options;
    options.write('TAP version 14\n');
  }

  onScenarioEnd(result: ScenarioResult): void {
    const { scenario, passed, defect, real, simulated } = result;
    const file = shownFile(scenario.file, this.#options.directory);
    this.#point(passed, `${file} - ${titleOf(result)}`);
    const times = [`duration_ms: ${Math.round(real)}`, `simulated_ms: ${Math.round(simulated)}`];
    const failures = failuresOf(result, this.#options.directory);
    this.#block([
      ...times,
      ...(defect === undefined ? [] : [`message: ${quoted(defect)}`, 'severity: fail']),
      ...(failures.length === 0 ? [] : ['failures:', ...failures.flatMap(linesOf)]),
    ]);
  }

  onIssues(issues: readonly Issue[]): void {
    for (const { file, line, column, message } of issues) {
      this.#point(false, `${shownFile(file, this.#options.directory)} - can be read`);
      this.#block([
        `message: ${quoted(message)}`,
        'severity: fail',
        ...(line === undefined ? [] : ['at:', `  line: ${line}`, `  column: ${column ?? 1}`]),
      ]);
    }
  }

  /** The plan may stand at the end. What --bail kept from running is not in it. */
  onRunEnd(_: RunTotals): void {
    this.#options.write(`1..${this.#points}\n`);
  }

  #point(passed: boolean, description: string): void {
    this.#options.write(`${passed ? 'ok' : 'not ok'} ${++this.#points} - ${plain(description)}\n`);
  }

  #block(lines: readonly string[]): void {
    this.#options.write(['  ---', ...lines.map((line) => `  ${line}`), '  ...', ''].join('\n'));
  }
}

function linesOf({ step, expected, found, file, line, column }: Failure): string[] {
  return [
    `  - step: ${quoted(step.title)}`,
    `    expected: ${quoted(expected)}`,
    `    found: ${quoted(found)}`,
    '    at:',
    `      file: ${quoted(file)}`,
    `      line: ${line}`,
    `      column: ${column}`,
  ];
}

/** On one line, and without what TAP reads as a directive or an escape. */
function plain(text: string): string {
  return escapeControls(text.replace(/\s+/g, ' ')).replace(/[\\#]/g, '\\$&');
}

/** A scalar that YAML takes as it stands: JSON is YAML. */
function quoted(text: string): string {
  return JSON.stringify(escapeControls(text));
}
