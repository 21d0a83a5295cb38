import { dirname } from 'node:path';
import type { RunTotals, ScenarioResult } from '../../scenario/result.ts';
import { columnsOf } from '../../text/columns.ts';
import { escapeControls } from '../../text/escape.ts';
import { formatDuration } from '../../time/duration.ts';
import { shownFile } from '../file-name.ts';
import type { Palette } from '../palette.ts';
import { positionOfCheck } from '../place.ts';
import { cutTo, padTo } from '../width.ts';

interface SummaryView {
  readonly palette: Palette;
  readonly columns: number;
  readonly directory: string | undefined;
}

/** What the end of a run tells of one scenario. */
export interface Line {
  readonly file: string;
  readonly title: string;
  readonly variant: string;
  readonly verdict: 'passed' | 'failed' | 'defect';
  /** ms */
  readonly simulated: number;
  /** Where checks did not hold: `scenarios/x.yaml:12:9`. */
  readonly places: readonly string[];
}

/** Times shorter than this, in ms, are not worth telling beside a title. */
const longTime = 1_000;

export function lineOf(result: ScenarioResult, directory: string | undefined): Line {
  const { scenario, simulated, defect, passed } = result;
  const places = result.steps.flatMap((step) =>
    step.checks
      .filter((check) => !check.passed)
      .map((check) => {
        const { line, column } = positionOfCheck(step, check);
        return `${shownFile(step.place.source.file, directory)}:${line}:${column}`;
      }),
  );
  return {
    file: shownFile(scenario.file, directory),
    title: escapeControls(scenario.scenario),
    variant: escapeControls(scenario.variant),
    verdict: defect !== undefined ? 'defect' : passed ? 'passed' : 'failed',
    simulated,
    places: [...new Set(places)],
  };
}

/** One scenario in one line: mark, title, and how long it took in simulated time. */
export function renderLine({ verdict, title, variant, simulated }: Line, view: SummaryView): string {
  return marked({ verdict, title, aside: variant === '' ? '' : ` (${variant})`, simulated }, view);
}

/** Another variant of the scenario that stands above, in one line. */
export function renderVariant({ verdict, variant, simulated }: Line, view: SummaryView): string {
  return marked({ verdict, title: `also with ${variant}`, aside: '', simulated }, view);
}

/** All scenarios of a run by folder, those of one file that passed in one line. */
export function renderOverview(lines: readonly Line[], view: SummaryView): string[] {
  const { palette } = view;
  let folder: string | undefined;
  return groupByFile(lines).flatMap((group) => {
    const [first] = group;
    if (!first) return [];
    const shown = dirname(first.file);
    const heading =
      shown === folder ? [] : [...(folder === undefined ? [] : ['']), `  ${palette.strong(`${shown}/`)}`];
    folder = shown;
    const passed = group.filter(({ verdict }) => verdict === 'passed');
    const others = group.filter(({ verdict }) => verdict !== 'passed');
    const simulated = passed.reduce((sum, line) => sum + line.simulated, 0);
    const [only] = passed;
    const together = passed.length === 1 && only ? [renderLine(only, view)] : [];
    const counted =
      passed.length > 1
        ? [
            marked(
              { verdict: 'passed', title: first.title, aside: ` (${passed.length} variants)`, simulated },
              view,
            ),
          ]
        : [];
    return [...heading, ...together, ...counted, ...others.map((line) => renderLine(line, view))];
  });
}

/** The scenarios that failed, and where. */
export function renderFailures(lines: readonly Line[], view: SummaryView): string[] {
  const failed = lines.filter(({ verdict }) => verdict !== 'passed');
  return failed.flatMap((line) => [
    renderLine(line, view),
    ...(line.places.length > 0 ? line.places : [line.file]).map(
      (place) => `      ${view.palette.dim(place)}`,
    ),
  ]);
}

/** `31 passed, 1 failed, 2 not run` and `26 h 10 min simulated in 1.4 s`; against a real host no time is simulated. */
export function renderTotals(totals: RunTotals, simulated: boolean, { palette }: SummaryView): string[] {
  const parts = [
    totals.passed > 0 || totals.failed + totals.defects + totals.notRun === 0
      ? palette.good(`${totals.passed} passed`)
      : '',
    totals.failed > 0 ? palette.bad(`${totals.failed} failed`) : '',
    totals.defects > 0 ? palette.bad(`${totals.defects} broken off`) : '',
    totals.notRun > 0 ? palette.warn(`${totals.notRun} not run`) : '',
  ];
  return [
    palette.strong(parts.filter((part) => part !== '').join(', ')),
    palette.dim(
      `${simulated ? `${formatDuration(totals.simulated)} simulated ` : ''}in ${formatDuration(totals.real)}`,
    ),
  ];
}

interface Marked {
  readonly verdict: Line['verdict'];
  readonly title: string;
  /** Stays when the title has to be cut, if it is not too long itself. */
  readonly aside: string;
  readonly simulated: number;
}

function marked({ verdict, title, aside, simulated }: Marked, { palette, columns }: SummaryView): string {
  const mark = palette.marks[verdict];
  const paint = verdict === 'passed' ? palette.good : palette.bad;
  const time = simulated >= longTime ? formatDuration(simulated) : '';
  const room = columns - 5 - columnsOf(mark) - (time === '' ? 0 : columnsOf(time) + 2);
  const kept = cutTo(aside, Math.floor(room / 2), palette.marks.more);
  const shown = cutTo(title, room - columnsOf(kept), palette.marks.more) + kept;
  return `    ${paint(mark)} ${time === '' ? shown : `${padTo(shown, room)}  ${palette.dim(time)}`}`;
}

function groupByFile(lines: readonly Line[]): Line[][] {
  const groups: Line[][] = [];
  for (const line of lines) {
    const last = groups.at(-1);
    if (last?.[0]?.file === line.file) last.push(line);
    else groups.push([line]);
  }
  return groups;
}
