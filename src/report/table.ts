import { columnsOf } from '../text/columns.ts';
import type { Palette } from './palette.ts';
import { cutTo, padTo } from './width.ts';

const gap = 2;

/** Rows below their heads, each column as wide as its widest cell; where that is too wide, the column `flexible` is cut. */
export function renderTable(
  heads: readonly string[],
  rows: readonly (readonly string[])[],
  {
    palette,
    columns,
    flexible,
  }: { readonly palette: Palette; readonly columns: number; readonly flexible: number },
): string[] {
  const widths = heads.map((head, i) =>
    Math.max(...[head, ...rows.map((row) => row[i] ?? '')].map((cell) => columnsOf(cell))),
  );
  const excess = widths.reduce((sum, width) => sum + width + gap, -gap) - columns;
  const flexed = widths.map((width, i) =>
    i === flexible && excess > 0 ? Math.max(8, width - excess) : width,
  );
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => padTo(cutTo(cell, flexed[i] ?? 0, palette.marks.more), flexed[i] ?? 0))
      .join(' '.repeat(gap))
      .trimEnd();
  return [palette.dim(line(heads)), ...rows.map(line)];
}
