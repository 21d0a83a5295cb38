import type { Difference } from '../../scenario/result.ts';
import { escapeControls } from '../../text/escape.ts';
import { differenceWords } from '../difference-words.ts';
import type { Paint, Palette } from '../palette.ts';
import { padTo, wrap } from '../width.ts';
import { alignLines } from './align-lines.ts';

/** Narrower terminals show the two sides below each other. */
const roomForTwo = 60;

interface DifferenceView {
  readonly palette: Palette;
  readonly columns: number;
}

/** What the simulated host said beside what the real one said. Lines that differ stand out. */
export function renderDifference(difference: Difference, { palette, columns }: DifferenceView): string[] {
  const { step, matters, capabilities } = difference;
  const { differs, dot } = palette.marks;
  const words = escapeControls(differenceWords(difference));
  const title = wrap(`${differs} ${escapeControls(step.title)} ${dot} ${words}`, columns - 2);
  const heading = title
    .map((line, i) => (i === 0 ? line : `  ${line}`))
    .map(matters ? palette.bad : capabilities.length > 0 ? palette.warn : palette.dim);
  const simulated = difference.simulated.map(escapeControls);
  const real = difference.real.map(escapeControls);
  const paint = matters ? palette.bad : palette.warn;
  const body =
    columns >= roomForTwo
      ? sideBySide(simulated, real, columns, palette, paint)
      : stacked(simulated, real, columns, palette, paint);
  return [...heading, ...body];
}

function sideBySide(
  simulated: readonly string[],
  real: readonly string[],
  columns: number,
  palette: Palette,
  paint: Paint,
): string[] {
  const width = Math.floor((columns - 5) / 2);
  const between = palette.dim(palette.marks.between);
  const row = (left: string, right: string, paintLeft: Paint, paintRight: Paint): string =>
    `  ${paintLeft(padTo(left, width))} ${between} ${paintRight(right)}`.trimEnd();
  const rows = alignLines(simulated, real).flatMap(([left, right]) => {
    const paintBoth = left === right ? palette.dim : paint;
    const [lefts, rights] = [wrap(left ?? '', width), wrap(right ?? '', width)];
    const height = Math.max(lefts.length, rights.length);
    return Array.from({ length: height }, (_, i) =>
      row(lefts[i] ?? '', rights[i] ?? '', paintBoth, paintBoth),
    );
  });
  return [row('simulated', 'real', palette.dim, palette.dim), ...rows];
}

function stacked(
  simulated: readonly string[],
  real: readonly string[],
  columns: number,
  palette: Palette,
  paint: Paint,
): string[] {
  const pairs = alignLines(simulated, real);
  const side = (
    label: string,
    lines: readonly (string | undefined)[],
    others: readonly (string | undefined)[],
  ): string[] => [
    `  ${palette.dim(label)}`,
    ...lines.flatMap((line, i) =>
      line === undefined
        ? []
        : wrap(line, columns - 4).map((part) => `    ${(line === others[i] ? palette.dim : paint)(part)}`),
    ),
  ];
  const lefts = pairs.map(([left]) => left);
  const rights = pairs.map(([, right]) => right);
  return [...side('simulated', lefts, rights), ...side('real', rights, lefts)];
}
