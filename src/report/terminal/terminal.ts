import type { Issue } from '../../datafile/issue.ts';
import { renderIssue } from '../../datafile/render-issue.ts';
import type { RunListener, RunTotals, ScenarioResult, StepResult } from '../../scenario/result.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { escapeControls } from '../../text/escape.ts';
import { shownFile } from '../file-name.ts';
import { createPalette, type Palette } from '../palette.ts';
import type { Detail, ReporterOptions } from '../reporter-options.ts';
import { wrap } from '../width.ts';
import { Explainer } from './explainer.ts';
import { Novelty } from './novelty.ts';
import { ScenarioView } from './scenario-view.ts';
import { Screen } from './screen.ts';
import {
  type Line,
  lineOf,
  renderFailures,
  renderLine,
  renderOverview,
  renderTotals,
  renderVariant,
} from './summary.ts';

/** A terminal that says 0 does not know its width. */
const usualColumns = 80;
const narrowest = 20;

/** Of at most so many files each is shown by an example; of more, what is new. */
const fewFiles = 12;
const choice =
  'Dialogues are shown where something new comes up or something fails; with --detail full, all of them.';

/** Tells a run to a person, scenario by scenario, while it goes on. */
export class TerminalReporter implements RunListener {
  readonly #options: ReporterOptions;
  readonly #detail: Detail;
  readonly #palette: Palette;
  readonly #screen: Screen;
  readonly #explainer: Explainer;
  readonly #novelty: Novelty;
  readonly #lines: Line[] = [];
  /** Of the scenario that is told while it runs. */
  #view: ScenarioView | undefined;
  #lastFile: string | undefined;
  /** The dialogue of another variant of the same file stands above. */
  #toldBefore = false;
  /** What was printed last is one of several lines that belong together. */
  #listing = false;
  #scenarios = 0;
  #fewFiles = true;
  #simulated = true;

  constructor({ columns, ...options }: ReporterOptions) {
    this.#options = { ...options, columns: columns > 0 ? Math.max(narrowest, columns) : usualColumns };
    this.#detail = options.detail ?? 'examples';
    this.#palette = createPalette(options);
    const { spinner, more } = this.#palette.marks;
    this.#screen = new Screen({ ...this.#options, clock: options.clock, spinner, more });
    this.#explainer = new Explainer(options.knowledge);
    this.#novelty = new Novelty(options.knowledge);
  }

  onRunStart({
    scenarios,
    files,
    seed,
    target,
  }: Parameters<NonNullable<RunListener['onRunStart']>>[0]): void {
    this.#scenarios = scenarios;
    this.#fewFiles = files <= fewFiles;
    this.#simulated = target === undefined;
    const where = target === undefined ? '' : ` against ${escapeControls(target)}`;
    const count = `${scenarios} ${scenarios === 1 ? 'scenario' : 'scenarios'} in ${files} ${files === 1 ? 'file' : 'files'}`;
    const words = wrap(`mxlab: ${count}${where}, seed ${escapeControls(seed)}`, this.#options.columns);
    const chosen = this.#detail === 'examples' && !this.#fewFiles ? wrap(choice, this.#options.columns) : [];
    this.#screen.print([...[...words, ...chosen].map(this.#palette.dim), '']);
  }

  onProgress({ running, done, failed, of }: Parameters<NonNullable<RunListener['onProgress']>>[0]): void {
    const failures = failed > 0 ? `, ${failed} failed` : '';
    this.#screen.status(
      `${done} of ${of}${failures}${running.length > 0 ? `: ${running.map(escapeControls).join('; ')}` : ''}`,
    );
  }

  onScenarioStart(scenario: Scenario): void {
    if (scenario.file !== this.#lastFile) this.#toldBefore = false;
    this.#lastFile = scenario.file;
    const example = this.#detail === 'examples' && this.#fewFiles && !this.#toldBefore;
    this.#view = this.#detail === 'full' || example ? this.#newView() : undefined;
    if (!this.#view) return;
    this.#toldBefore = true;
    this.#screen.print([...this.#endOfList(), ...this.#view.heading(scenario)]);
  }

  onStepEnd(step: StepResult): void {
    if (this.#view) this.#screen.print(this.#view.step(step));
  }

  onScenarioEnd(result: ScenarioResult): void {
    const line = lineOf(result, this.#options.directory);
    this.#lines.push(line);
    if (this.#view) this.#screen.print(this.#view.ending(result));
    else if (this.#detail !== 'summary') this.#screen.print(this.#afterwards(result, line));
    this.#view = undefined;
  }

  onIssues(issues: readonly Issue[]): void {
    this.#screen.print(
      issues.map((issue) => renderIssue({ ...issue, file: shownFile(issue.file, this.#options.directory) })),
    );
  }

  onRunEnd(totals: RunTotals): void {
    this.#screen.close();
    const view = this.#summaryView;
    const dialogues = this.#detail === 'full' || this.#detail === 'examples';
    const overview = this.#scenarios > 1 && dialogues ? this.#ruled(renderOverview(this.#lines, view)) : [];
    const failures = this.#scenarios > 1 ? this.#titled('Failed', renderFailures(this.#lines, view)) : [];
    this.#screen.print([
      ...this.#endOfList(),
      ...overview,
      ...failures,
      ...renderTotals(totals, this.#simulated, view),
    ]);
  }

  /** A scenario that was not told while it ran: in full when there is reason to, else in one line or not at all. */
  #afterwards(result: ScenarioResult, line: Line): string[] {
    const chosen = this.#detail === 'examples' && !this.#fewFiles;
    const isNew = chosen && this.#novelty.isNew(result);
    if (!isNew && result.passed && !result.differences?.length) {
      if (chosen) return []; // the overview has it
      this.#listing = true;
      return [
        this.#toldBefore ? renderVariant(line, this.#summaryView) : renderLine(line, this.#summaryView),
      ];
    }
    this.#toldBefore = true;
    const view = this.#newView();
    return [
      ...this.#endOfList(),
      ...view.heading(result.scenario),
      ...result.steps.flatMap((step) => view.step(step)),
      ...view.ending(result),
    ];
  }

  /** A blank line below a list. */
  #endOfList(): string[] {
    const listing = this.#listing;
    this.#listing = false;
    return listing ? [''] : [];
  }

  get #summaryView(): Parameters<typeof renderLine>[1] {
    return { palette: this.#palette, columns: this.#options.columns, directory: this.#options.directory };
  }

  #newView(): ScenarioView {
    const { columns, directory } = this.#options;
    return new ScenarioView({
      palette: this.#palette,
      columns,
      directory,
      explainer: this.#explainer,
      all: this.#detail === 'full',
    });
  }

  #ruled(lines: readonly string[]): string[] {
    return [this.#palette.dim(this.#palette.marks.rule.repeat(this.#options.columns)), ...lines, ''];
  }

  #titled(title: string, lines: readonly string[]): string[] {
    return lines.length === 0 ? [] : [`  ${this.#palette.bad(title)}`, ...lines, ''];
  }
}
