const [cr, lf, dot] = [0x0d, 0x0a, 0x2e];

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
    const out: number[] = [];
    for (const [i, byte] of chunk.entries()) {
      if (this.#ended) return Buffer.concat([Buffer.from(out), chunk.subarray(i)]);
      if (byte === cr) this.#heldReturns++;
      else if (byte === lf) {
        out.push(cr, lf);
        this.#heldReturns = 0;
        this.#ended = this.#line === 'dot';
        this.#line = 'empty';
      } else {
        for (; this.#heldReturns > 0; this.#heldReturns--) out.push(cr);
        out.push(byte);
        this.#line = this.#line === 'empty' && byte === dot ? 'dot' : 'text';
      }
    }
    return Buffer.from(out);
  }
}
