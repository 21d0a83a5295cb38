const [cr, lf, dot] = [0x0d, 0x0a, 0x2e];
const lineEnd = Buffer.from([cr, lf]);

/**
 * A message on its way in, with every line end made CRLF: a bare LF, or several CR before an LF. A lone dot between any
 * of these thus ends the message; the bytes behind it are left as they are. One instance for each message.
 */
export class LenientLines {
  #heldReturns = 0;
  /** What the line has so far: nothing, one dot, or something else. */
  #line: 'empty' | 'dot' | 'text' = 'empty';
  #ended = false;

  push(chunk: Buffer): Buffer {
    const out: Buffer[] = [];
    let from = 0;
    while (!this.#ended && from < chunk.length) {
      const feed = chunk.indexOf(lf, from);
      this.#addText(chunk.subarray(from, feed < 0 ? chunk.length : feed), out);
      if (feed < 0) return joined(out);
      out.push(lineEnd);
      this.#heldReturns = 0;
      this.#ended = this.#line === 'dot';
      this.#line = 'empty';
      from = feed + 1;
    }
    out.push(chunk.subarray(from));
    return joined(out);
  }

  /** CRs at the end are held back: they may belong to the end of the line. */
  #addText(text: Buffer, out: Buffer[]): void {
    let length = text.length;
    while (length > 0 && text[length - 1] === cr) length--;
    if (length > 0) {
      const lone = this.#line === 'empty' && this.#heldReturns === 0 && length === 1 && text[0] === dot;
      this.#line = lone ? 'dot' : 'text';
      if (this.#heldReturns > 0) out.push(Buffer.alloc(this.#heldReturns, cr));
      this.#heldReturns = 0;
      out.push(text.subarray(0, length));
    }
    this.#heldReturns += text.length - length;
  }
}

function joined(pieces: readonly Buffer[]): Buffer {
  return pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces);
}
