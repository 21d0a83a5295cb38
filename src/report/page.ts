import { escapeControls } from '../text/escape.ts';
import type { Paint, Palette } from './palette.ts';
import { wrap } from './width.ts';

export interface PageOptions {
  readonly palette: Palette;
  readonly columns: number;
}

const step = 2;

/** Lines of a page, sections indented below their titles. Escapes what it is given. */
export class Page {
  readonly lines: string[] = [];
  readonly palette: Palette;
  readonly #columns: number;
  #indent = 0;

  constructor({ palette, columns }: PageOptions) {
    this.palette = palette;
    this.#columns = columns;
  }

  title(text: string): void {
    this.#add(text, this.palette.strong);
  }

  text(text: string): void {
    this.#add(text.trim().replace(/\s+/g, ' '), (line) => line, 0);
  }

  aside(text: string): void {
    this.#add(text.trim().replace(/\s+/g, ' '), this.palette.dim, 0);
  }

  /** One line of a reply, as it was said. */
  quote(line: string): void {
    this.#add(line, this.palette.client);
  }

  /** Names beside texts of one or more lines. */
  facts(facts: readonly (readonly [name: string, text: string])[]): void {
    const width = Math.max(0, ...facts.map(([name]) => name.length)) + step;
    for (const [name, text] of facts) {
      const [first = '', ...rest] = text
        .split('\n')
        .flatMap((line) => wrap(escapeControls(line), this.#room - width));
      this.lines.push(`${this.#margin}${this.palette.dim(name.padEnd(width))}${first}`);
      for (const line of rest) this.lines.push(`${this.#margin}${' '.repeat(width)}${line}`);
    }
  }

  /** Left out when it says nothing. */
  section(title: string, tell: () => void): void {
    const before = this.lines.length;
    this.lines.push('', this.palette.strong(title));
    const heading = this.lines.length;
    this.below(tell);
    if (this.lines.length === heading) this.lines.length = before;
  }

  below(tell: () => void): void {
    this.#indent += step;
    tell();
    this.#indent -= step;
  }

  get #margin(): string {
    return ' '.repeat(this.#indent);
  }

  get #room(): number {
    return this.#columns - this.#indent;
  }

  /** What does not fit on the first line hangs below it. */
  #add(text: string, paint: Paint, hanging = step): void {
    const [first = '', ...rest] = wrap(escapeControls(text), this.#room - hanging);
    this.lines.push(`${this.#margin}${paint(first)}`);
    for (const line of rest) this.lines.push(`${this.#margin}${' '.repeat(hanging)}${paint(line)}`);
  }
}
