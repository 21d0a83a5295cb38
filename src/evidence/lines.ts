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
  #rest = '';
  #decode: ((chunk: Buffer) => string) | undefined;

  constructor(longest: number) {
    this.#longest = longest;
  }

  push(chunk: Buffer): string[] {
    this.#decode ??= decoderFor(chunk);
    const text = this.#rest + this.#decode(chunk);
    const lines: string[] = [];
    let from = 0;
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      lines.push(this.#cut(text, from, text[end - 1] === '\r' && end > from ? end - 1 : end));
      from = end + 1;
    }
    this.#rest = this.#cut(text, from, text.length);
    return lines;
  }

  end(): string | undefined {
    const rest = this.#rest.replace(/\r$/, '');
    return rest === '' ? undefined : rest;
  }

  #cut(text: string, from: number, to: number): string {
    return text.slice(from, Math.min(to, from + this.#longest));
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
