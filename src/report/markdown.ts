import type { Issue } from '../datafile/issue.ts';
import { renderIssue } from '../datafile/render-issue.ts';
import type { RunListener, RunTotals, ScenarioResult } from '../scenario/result.ts';
import { escapeControls } from '../text/escape.ts';
import { formatDuration } from '../time/duration.ts';
import { explainedLines, type Failure, failuresOf, titleOf } from './failures.ts';
import { shownFile } from './file-name.ts';
import type { ReporterOptions } from './reporter-options.ts';

type Options = Pick<ReporterOptions, 'write' | 'directory' | 'knowledge'>;

interface FileTally {
  passed: number;
  failed: number;
  /** ms */
  simulated: number;
}

/** A summary in Markdown, for a pull request or `$GITHUB_STEP_SUMMARY`: totals, a table of files, and what failed with its dialogue. */
export class MarkdownReporter implements RunListener {
  readonly #options: Options;
  readonly #files = new Map<string, FileTally>();
  readonly #failures: string[] = [];

  constructor(options: Options) {
    this.#options = options;
  }

  onScenarioEnd(result: ScenarioResult): void {
    const file = shownFile(result.scenario.file, this.#options.directory);
    const tally = this.#files.get(file) ?? { passed: 0, failed: 0, simulated: 0 };
    this.#files.set(file, tally);
    tally.simulated += result.simulated;
    if (result.passed) tally.passed++;
    else {
      tally.failed++;
      this.#failures.push(...this.#failureOf(result));
    }
  }

  onIssues(issues: readonly Issue[]): void {
    for (const issue of issues) {
      const file = shownFile(issue.file, this.#options.directory);
      this.#failures.push(
        `### ${inline(file)} cannot be read`,
        '',
        ...fenced([renderIssue({ ...issue, file })]),
        '',
      );
    }
  }

  onRunEnd({ passed, failed, defects, notRun, simulated, real }: RunTotals): void {
    const counts = [
      `${passed} passed`,
      ...(failed > 0 ? [`${failed} failed`] : []),
      ...(defects > 0 ? [`${defects} could not be run`] : []),
      ...(notRun > 0 ? [`${notRun} not run`] : []),
    ];
    const rows = [...this.#files].map(
      ([file, tally]) =>
        `| ${inline(file)} | ${tally.passed} | ${tally.failed} | ${formatDuration(tally.simulated)} |`,
    );
    const lines = [
      '## mxlab',
      '',
      `**${counts.join(', ')}** · ${formatDuration(simulated)} simulated in ${formatDuration(real)}`,
      '',
      ...this.#failures,
      ...(rows.length === 0
        ? []
        : [
            '<details><summary>All files</summary>',
            '',
            '| file | passed | failed | simulated |',
            '|---|---|---|---|',
            ...rows,
            '',
            '</details>',
            '',
          ]),
    ];
    this.#options.write(`${lines.join('\n')}\n`);
  }

  #failureOf(result: ScenarioResult): string[] {
    const failures = failuresOf(result, this.#options.directory);
    const { defect } = result;
    return [
      `### ✗ ${inline(titleOf(result))}`,
      '',
      ...failures.flatMap(failureLines),
      ...(defect === undefined ? [] : fenced([defect])),
      '',
      '<details><summary>Dialogue</summary>',
      '',
      ...fenced(explainedLines(result.steps, this.#options.knowledge)),
      '',
      '</details>',
      '',
    ];
  }
}

function failureLines({ step, expected, found, file, line, column }: Failure): string[] {
  const place = `${file}:${line}:${column}`;
  const shown = [`expected  ${expected}`, `found     ${found}`];
  return [`${inline(place)}: ${inline(step.title)}`, '', ...fenced(shown), ''];
}

/** Text that Markdown leaves alone: no link, no emphasis, no markup, on one line. */
function inline(text: string): string {
  return escapeControls(text.replace(/\s+/g, ' '))
    .replace(/[&<>]/g, (character) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;' })[character] ?? '')
    .replace(/[\\`*_{}[\]()#+!|~@:-]/g, '\\$&');
}

/** A block that nothing in it can end: its fence is longer than any row of backquotes inside. */
function fenced(lines: readonly string[]): string[] {
  const safe = lines.flatMap((line) => line.split('\n')).map(escapeControls);
  const longest = Math.max(
    2,
    ...safe.flatMap((line) => line.match(/`+/g) ?? []).map((ticks) => ticks.length),
  );
  const fence = '`'.repeat(longest + 1);
  return [`${fence}text`, ...safe, fence];
}
