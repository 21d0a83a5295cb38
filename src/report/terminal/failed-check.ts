import { renderIssue } from '../../datafile/render-issue.ts';
import type { Check } from '../../scenario/check.ts';
import type { StepResult } from '../../scenario/result.ts';
import { columnsOf } from '../../text/columns.ts';
import { escapeControls } from '../../text/escape.ts';
import { shownFile } from '../file-name.ts';
import type { Palette } from '../palette.ts';
import { positionOfCheck } from '../place.ts';
import { cutTo, dropColumns, wrap } from '../width.ts';

interface CheckView {
  readonly palette: Palette;
  readonly columns: number;
  readonly directory: string | undefined;
}

/** A check that did not hold: the line of its file with a caret, what was expected and what was found. */
export function renderFailedCheck(
  step: StepResult,
  check: Check,
  { palette, columns, directory }: CheckView,
): string[] {
  const { source } = step.place;
  const file = shownFile(source.file, directory);
  const [place = '', ...excerpt] = renderIssue(
    { file, ...positionOfCheck(step, check), message: '' },
    source,
  ).split('\n');
  return [
    `${palette.bad(palette.marks.failed)} ${palette.strong(place)}`,
    ...paintExcerpt(fitExcerpt(excerpt, columns - 2, palette.marks.more), palette),
    ...labelled('expected', check.expected, columns, palette.good),
    ...labelled('found', check.found, columns, palette.bad),
  ];
}

function labelled(label: string, text: string, columns: number, paint: (text: string) => string): string[] {
  const lines = wrap(escapeControls(text), columns - 13);
  return lines.map((line, i) => `  ${(i === 0 ? label : '').padEnd(10)}${paint(line)}`);
}

/** Margin, source line and carets in at most so many columns; the window moves to where the carets are. */
export function fitExcerpt(lines: readonly string[], columns: number, more: string): string[] {
  const gutter = columnsOf(/^ *\d* \| ?/.exec(lines[1] ?? '')?.[0] ?? '');
  const room = Math.max(10, columns - gutter);
  const caret = lines[2]?.slice(gutter) ?? '';
  const start = /^ */.exec(caret)?.[0].length ?? 0;
  const length = caret.trim().length;
  const shift = start + Math.min(length, room) <= room ? 0 : Math.max(0, start - Math.floor(room / 4));
  return lines.map((line) => {
    const body = dropColumns(line.slice(gutter), shift);
    const isSource = /^ *\d/.test(line);
    const cut = shift > 0 && isSource && body !== '' ? more + dropColumns(body, columnsOf(more)) : body;
    return (line.slice(0, gutter) + (isSource ? cutTo(cut, room, more) : cut.slice(0, room))).trimEnd();
  });
}

function paintExcerpt(lines: readonly string[], palette: Palette): string[] {
  return lines.map((line) => `  ${/^ +\| *\^/.test(line) ? palette.bad(line) : palette.dim(line)}`);
}
