import type { Paint, Palette } from '../report/palette.ts';
import type { Asides } from '../report/terminal/layout.ts';
import { padTo, wrap } from '../report/width.ts';

/** Columns between the two sides. */
const gap = 2;

/** The right side of a wide terminal, where explanations stand beside what they are about. */
export class RightSide implements Asides {
  readonly palette: Palette;
  readonly #room: number;

  constructor(columns: number, palette: Palette) {
    this.palette = palette;
    this.#room = columns - gap - 2;
  }

  aside(text: string, paint: Paint, label = ''): string[] {
    const { dim, marks } = this.palette;
    const bar = `${dim(marks.bar)} `;
    if (label === '') return wrap(text, this.#room).map((line) => bar + paint(line));
    return wrap(`${label}: ${text}`, this.#room - 2).map(
      (line, i) => `${bar}${i === 0 ? '' : '  '}${paint(line)}`,
    );
  }
}

/** Two blocks of lines side by side, the left one filled up to `width` columns. */
export function sideBySide(left: readonly string[], right: readonly string[], width: number): string[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) =>
    `${padTo(left[i] ?? '', width + gap)}${right[i] ?? ''}`.trimEnd(),
  );
}
