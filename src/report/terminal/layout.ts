import { formatOffset, offsetWidth } from '../offset.ts';
import type { Paint, Palette } from '../palette.ts';
import { wrap } from '../width.ts';

/** Paints a wrapped text line by line. */
type PaintLine = (line: string, first: boolean) => string;

/** Where explanations are put. */
export interface Asides {
  readonly palette: Palette;
  /** An explanation, line by line, with a label in front of it or none. */
  aside(text: string, paint: Paint, label?: string): string[];
}

/** Terminals narrower than this get no margins. */
const roomy = 60;

/** Lines of a dialogue: a column of times, a mark, and text that hangs to the right of it. */
export class Layout implements Asides {
  readonly columns: number;
  readonly palette: Palette;
  readonly #timeWidth: number;
  readonly #gap: string;
  #lastTime: string | undefined;

  constructor(columns: number, palette: Palette) {
    this.columns = Math.max(20, columns);
    this.palette = palette;
    this.#timeWidth = this.columns < roomy ? offsetWidth - 1 : offsetWidth;
    this.#gap = this.columns < roomy ? ' ' : '  ';
  }

  /** Blanks up to the mark. */
  get margin(): string {
    return ' '.repeat(this.#timeWidth) + this.#gap;
  }

  /** Columns left for text behind a mark of two characters and a blank. */
  get room(): number {
    return this.columns - this.#timeWidth - this.#gap.length - 3;
  }

  /** A line with its time (ms), where the clock has moved, and its mark: wrapped, then painted line by line. */
  entry(at: number, mark: string, text: string, paint: PaintLine): string[] {
    const time = formatOffset(at);
    const shown = time === this.#lastTime ? '' : time;
    this.#lastTime = time;
    return this.#hang(shown, mark, text, paint);
  }

  /** An explanation: a bar where the mark would stand. With a label, the lines below the first stand in by two. */
  aside(text: string, paint: Paint, label = ''): string[] {
    const bar = `${this.margin}${this.palette.dim(this.palette.marks.bar)}  `;
    if (label === '') return wrap(text, this.room).map((line) => bar + paint(line));
    return wrap(`${label}: ${text}`, this.room - 2).map(
      (line, i) => `${bar}${i === 0 ? '' : '  '}${paint(line)}`,
    );
  }

  #hang(time: string, mark: string, text: string, paint: PaintLine): string[] {
    const opening = `${this.palette.dim(time.padStart(this.#timeWidth))}${this.#gap}${mark}`;
    return wrap(text, this.room).map((line, i) =>
      (i === 0 ? `${opening} ${paint(line, true)}` : `${this.margin}   ${paint(line, false)}`).trimEnd(),
    );
  }
}
