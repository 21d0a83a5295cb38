import type { ScenarioResult, StepResult } from '../../scenario/result.ts';
import type { Scenario } from '../../scenario/scenario.ts';
import { escapeControls } from '../../text/escape.ts';
import { formatDuration } from '../../time/duration.ts';
import { Dialogue } from '../dialogue.ts';
import { shownFile } from '../file-name.ts';
import type { Palette } from '../palette.ts';
import { hasKey } from '../place.ts';
import { wrap } from '../width.ts';
import { renderDifference } from './difference.ts';
import { renderEntry } from './entry.ts';
import type { Explainer } from './explainer.ts';
import { renderFailedCheck } from './failed-check.ts';
import { Familiar, type Shown } from './familiar.ts';
import { Layout } from './layout.ts';
import { Rounds } from './rounds.ts';

export interface ViewOptions {
  readonly palette: Palette;
  readonly columns: number;
  readonly directory: string | undefined;
  readonly explainer: Explainer;
  /** Leave nothing out. */
  readonly all: boolean;
}

/** Verbs whose title says more than what then goes over the wire. */
const telling: readonly string[] = ['attempt', 'verify'];

/** One scenario as lines for the terminal, step by step as it goes on. */
export class ScenarioView {
  readonly #options: ViewOptions;
  readonly #layout: Layout;
  readonly #dialogue = new Dialogue();
  readonly #rounds: Rounds;
  readonly #familiar = new Familiar();

  constructor(options: ViewOptions) {
    this.#options = options;
    this.#layout = new Layout(options.columns, options.palette);
    this.#rounds = new Rounds(options);
  }

  /** Title, file and what it is about. */
  heading({ scenario, variant, file, about }: Scenario): string[] {
    const { palette, columns, directory } = this.#options;
    const title = escapeControls(variant === '' ? scenario : `${scenario} (${variant})`);
    const words = about === undefined ? [] : wrap(escapeControls(about.trim().replace(/\s+/g, ' ')), columns);
    return [
      palette.dim(palette.marks.rule.repeat(this.#layout.columns)),
      ...wrap(title, columns).map(palette.strong),
      palette.dim(shownFile(file, directory)),
      ...words.map(palette.dim),
      '',
    ];
  }

  step(step: StepResult): string[] {
    const entries = this.#dialogue.entriesOf(step);
    const heading = this.#rounds.headingOf(step);
    const named = heading.text === undefined ? [] : this.#note(step.at, heading.text);
    if (heading.leftOut) return named;
    const shortened = this.#familiar.shorten(entries);
    const shown = this.#options.all || !step.passed ? entries.map((entry): Shown => ({ entry })) : shortened;
    const lines = [
      ...named,
      ...this.#title(step),
      ...shown.flatMap((one) => this.#entry(one)),
      ...(entries.length === 0 ? this.#withoutWords(step) : []),
    ];
    const failed = step.checks.filter(({ passed }) => !passed);
    return [...lines, ...failed.flatMap((check) => ['', ...renderFailedCheck(step, check, this.#options)])];
  }

  /** How it came out, and where the real host differed from the simulated one. */
  ending({ steps, passed, simulated, defect, differences = [] }: ScenarioResult): string[] {
    const { palette, columns } = this.#options;
    const { marks } = palette;
    const checks = steps.flatMap((step) => step.checks);
    const failed = checks.filter((check) => !check.passed).length;
    const facts = [
      failed > 0 ? `${failed} of ${checks.length} checks did not hold` : `${checks.length} checks`,
      ...(simulated > 0 ? [formatDuration(simulated)] : []),
    ];
    const came = passed ? 'passed' : defect === undefined ? 'failed' : 'defect';
    const verdict = { passed: 'passed', failed: 'failed', defect: 'broken off' }[came];
    const lines = wrap([`${marks[came]} ${verdict}`, ...facts].join(` ${marks.dot} `), columns);
    return [
      ...differences.flatMap((difference) => ['', ...renderDifference(difference, this.#options)]),
      ...(defect === undefined ? [] : ['', ...this.#defect(defect)]),
      '',
      ...lines.map(passed ? palette.good : palette.bad),
      '',
    ];
  }

  #note(at: number, text: string): string[] {
    const { note } = this.#options.palette;
    return this.#layout.entry(at, note('--'), text, note);
  }

  #defect(defect: string): string[] {
    const { palette, columns } = this.#options;
    return defect
      .split('\n')
      .flatMap((line) => wrap(escapeControls(line), columns - 2).map((part) => `  ${palette.bad(part)}`));
  }

  #entry({ entry, insteadOfRest }: Shown): string[] {
    return [
      ...renderEntry(entry, this.#layout, insteadOfRest),
      ...this.#options.explainer.below(entry, this.#layout),
    ];
  }

  #title(step: StepResult): string[] {
    if (!hasKey(step.place, 'title') && !telling.includes(step.verb)) return [];
    const { palette } = this.#options;
    return this.#layout.entry(
      step.at,
      palette.strong(palette.marks.step.padEnd(2)),
      escapeControls(step.title),
      palette.strong,
    );
  }

  /** A step during which nothing went over the wire. */
  #withoutWords({ at, title, verb, checks, skipped, place }: StepResult): string[] {
    if (place.path.includes('pipeline')) return []; // told together with the first of its group
    const why = skipped ?? checks.map(({ found }) => found)[0];
    const subject = telling.includes(verb) ? '' : escapeControls(title);
    const words = [
      subject,
      why === undefined ? '' : `${skipped === undefined ? '' : 'not done: '}${escapeControls(why)}`,
    ];
    const text = words.filter((word) => word !== '').join(': ');
    return text === '' ? [] : this.#note(at, text);
  }
}
