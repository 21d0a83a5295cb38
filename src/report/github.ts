import type { Issue } from '../datafile/issue.ts';
import type { RunListener, RunTotals, ScenarioResult } from '../scenario/result.ts';
import { escapeControls } from '../text/escape.ts';
import { explainedLines, type Failure, failuresOf, titleOf } from './failures.ts';
import { shownFile } from './file-name.ts';
import type { ReporterOptions } from './reporter-options.ts';

type Options = Pick<ReporterOptions, 'write' | 'directory' | 'knowledge'>;

/**
 * Annotations for GitHub Actions, each at the line of its expectation, and the dialogues of what failed in groups that fold.
 * docs.github.com, "Workflow commands for GitHub Actions"
 */
export class GithubReporter implements RunListener {
  readonly #options: Options;

  constructor(options: Options) {
    this.#options = options;
  }

  onScenarioEnd(result: ScenarioResult): void {
    if (result.passed) return;
    const { scenario, defect } = result;
    const title = titleOf(result);
    for (const failure of failuresOf(result, this.#options.directory)) this.#annotate(failure, title);
    if (defect !== undefined) {
      this.#command('error', { file: shownFile(scenario.file, this.#options.directory), title }, defect);
    }
    this.#command('group', {}, title);
    for (const line of explainedLines(result.steps, this.#options.knowledge)) this.#line(line);
    this.#command('endgroup', {}, '');
  }

  onIssues(issues: readonly Issue[]): void {
    for (const { file, line, column, message, hint } of issues) {
      const place = {
        file: shownFile(file, this.#options.directory),
        ...(line === undefined ? {} : { line: `${line}` }),
        ...(column === undefined ? {} : { col: `${column}` }),
      };
      this.#command(
        'error',
        { ...place, title: 'cannot be read' },
        hint === undefined ? message : `${message} (${hint})`,
      );
    }
  }

  onRunEnd({ passed, failed, defects }: RunTotals): void {
    this.#line(`${passed} passed, ${failed + defects} failed`);
  }

  #annotate({ step, expected, found, file, line, column }: Failure, title: string): void {
    const place = { file, line: `${line}`, col: `${column}`, title };
    this.#command('error', place, `${step.title}\nexpected  ${expected}\nfound     ${found}`);
  }

  #command(name: string, properties: Readonly<Record<string, string>>, message: string): void {
    const pairs = Object.entries(properties).map(([key, value]) => `${key}=${inProperty(value)}`);
    const head = pairs.length === 0 ? name : `${name} ${pairs.join(',')}`;
    this.#options.write(`::${head}::${inMessage(message)}\n`);
  }

  /** A line that is never taken for a command: those begin with two colons. */
  #line(text: string): void {
    this.#options.write(`  ${escapeControls(text).replaceAll('##[', '## [')}\n`);
  }
}

/** Line ends are kept by name; everything else that is no character of a text is shown. */
function inMessage(text: string): string {
  const lines = text.split('\n').map(escapeControls);
  return lines.join('\n').replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function inProperty(text: string): string {
  return inMessage(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
