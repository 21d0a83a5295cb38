/** The longest line that is read, in bytes; what is beyond is dropped. */
export const longestLine = 16 * 1024 * 1024;

/**
 * Cuts bytes into lines, held as Latin-1 without their ends. Lines end with LF or CRLF, as in files and on the wire. Text in
 * UTF-16, as Windows programs write it, is recognised by its mark and becomes UTF-8. Holds one line at most.
 */
export async function* linesOf(
  chunks: AsyncIterable<Buffer> | Iterable<Buffer>,
  longest: number = longestLine,
): AsyncGenerator<readonly string[]> {
  const cutter = new LineCutter(longest);
  for await (const chunk of chunks) {
    const lines = cutter.push(chunk);
    if (lines.length > 0) yield lines;
  }
  const rest = cutter.end();
  if (rest !== undefined) yield [rest];
}

class LineCutter {
  readonly #longest: number;
  /** The beginning of the line that is still open, as it came. */
  #open: string[] = [];
  #length = 0;
  #decode: ((chunk: Buffer) => string) | undefined;

  constructor(longest: number) {
    this.#longest = longest;
  }

  push(chunk: Buffer): string[] {
    this.#decode ??= decoderFor(chunk);
    const text = this.#decode(chunk);
    const lines: string[] = [];
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      lines.push(this.#length === 0 ? text.slice(from, end) : this.#close(text.slice(from, end)));
      from = end + 1;
    }
    this.#hold(text.slice(from));
    return lines.map((line) => (line.endsWith('\r') ? line.slice(0, -1) : line));
  }

  end(): string | undefined {
    const rest = this.#close('').replace(/\r$/, '');
    return rest === '' ? undefined : rest;
  }

  #close(text: string): string {
    this.#hold(text);
    const line = this.#open.join('');
    this.#open = [];
    this.#length = 0;
    return line;
  }

  /** What goes beyond the longest line is dropped. */
  #hold(text: string): void {
    const room = this.#longest - this.#length;
    if (text === '' || room <= 0) return;
    this.#open.push(text.slice(0, room));
    this.#length += Math.min(room, text.length);
  }
}

function decoderFor(first: Buffer): (chunk: Buffer) => string {
  const [a, b, c] = first;
  if (a === 0xff && b === 0xfe) {
    const decoder = new TextDecoder('utf-16le');
    return (chunk) => latin1(decoder.decode(chunk, { stream: true }));
  }
  let marked = a === 0xef && b === 0xbb && c === 0xbf;
  return (chunk) => {
    const text = chunk.toString('latin1', marked ? 3 : 0);
    marked = false;
    return text;
  };
}

/** Text as its UTF-8 bytes, each held as one character. */
export function latin1(text: string): string {
  return /[^\x00-\x7f]/.test(text) ? Buffer.from(text, 'utf8').toString('latin1') : text;
}
