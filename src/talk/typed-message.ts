/** Octets of a message or a chunk that are kept while it is typed. */
const mostOctets = 32 * 1024 * 1024;

/** Lines typed behind 354, up to the lone dot, or behind BDAT, up to its size. */
export class TypedText {
  readonly #lines: string[] = [];
  #octets = 0;
  /** It was longer than what is kept; the rest is lost. */
  overflown = false;

  add(line: string): void {
    const octets = Buffer.byteLength(line) + 2;
    if (this.#octets + octets > mostOctets) this.overflown = true;
    else {
      this.#lines.push(line);
      this.#octets += octets;
    }
  }

  get octets(): number {
    return this.#octets;
  }

  /** With a line end behind each line, the last one too. */
  get text(): string {
    return this.#lines.length === 0 ? '\r\n' : `${this.#lines.join('\r\n')}\r\n`;
  }
}
