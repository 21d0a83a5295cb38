/** A file as read: its name as given, its text without a byte order mark. */
export interface Source {
  readonly file: string;
  readonly text: string;
}

/** A place in a text. Line and column count from 1; column and length count UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
  readonly length: number;
}

/** Turns offsets into lines and columns. */
export class LineIndex {
  readonly #text: string;
  readonly #starts: number[] = [0];

  constructor(text: string) {
    this.#text = text;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  /** The first line of what stands from `start` up to `end`, at least one character long. */
  position(start: number, end: number = start): Position {
    const line = this.#lineOf(start);
    const lineStart = this.#starts[line - 1] ?? 0;
    let lineEnd = (this.#starts[line] ?? this.#text.length + 1) - 1;
    if (this.#text[lineEnd - 1] === '\r') lineEnd--;
    const length = Math.max(1, Math.min(end, lineEnd) - start);
    return { line, column: start - lineStart + 1, length };
  }

  #lineOf(offset: number): number {
    let low = 0;
    let high = this.#starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle;
    }
    return low + 1;
  }
}
