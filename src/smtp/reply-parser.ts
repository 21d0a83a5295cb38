import { type Reply, replyOf } from './reply.ts';

/** How much of a reply a reader is willing to hold. */
export interface ReplyLimits {
  /** Bytes in one line. RFC 5321 4.5.3.1.5 allows 512; clients should survive more (rule SYN-11). */
  readonly lineBytes: number;
  readonly lines: number;
  /** Bytes in one reply. */
  readonly bytes: number;
}

export const replyLimits: ReplyLimits = { lineBytes: 4_096, lines: 512, bytes: 65_536 };

/** What cannot be read as a reply: the reason in words, and the bytes it concerns (bounded, as Latin-1). */
interface Misspoken {
  readonly why: string;
  readonly bytes: string;
}

/** `bytes` counts the whole reply with its line ends. */
export type Parsed = { readonly reply: Reply; readonly bytes: number } | { readonly misspoken: Misspoken };

const quoted = 200;
const none: readonly string[] = [];

/**
 * Reads replies from a stream of bytes in any segmentation. Feed it with `push`, take replies with `next`.
 * After a `misspoken` nothing more comes out: there is no way to find the next reply's start.
 */
export class ReplyParser {
  readonly #limits: ReplyLimits;
  #rest = '';
  #lines: string[] = [];
  #bytes = 0;
  #oddities: Set<string> | undefined;
  #failed = false;

  constructor(limits: ReplyLimits = replyLimits) {
    this.#limits = limits;
  }

  push(chunk: Buffer): void {
    if (!this.#failed) this.#rest += chunk.toString('latin1');
  }

  /** Bytes received that do not yet make a reply, as Latin-1. */
  get pending(): string {
    return [...this.#lines.map((line) => `${line}\r\n`), this.#rest].join('');
  }

  /** True when everything received so far has been read as whole replies. */
  get idle(): boolean {
    return this.#rest.length === 0 && this.#lines.length === 0;
  }

  next(): Parsed | undefined {
    while (this.#rest !== '') {
      const end = this.#rest.indexOf('\n');
      if (end < 0) {
        if (!this.#plausible()) return this.#fail('not a reply', this.#rest);
        if (this.#rest.length > this.#limits.lineBytes)
          return this.#fail('a line that does not end', this.#rest);
        return undefined;
      }
      const parsed = this.#line(end);
      if (parsed) return parsed;
    }
    return undefined;
  }

  /** Whether a reply can still come of these bytes: tells nonsense at once instead of waiting for its line end. */
  #plausible(): boolean {
    return /^(?:\d{0,3}|\d{3}[ \r-])$/.test(this.#rest.slice(0, 4));
  }

  #line(end: number): Parsed | undefined {
    const bare = this.#rest[end - 1] !== '\r';
    const line = this.#rest.slice(0, bare ? end : end - 1);
    if (bare) this.#odd('bare LF'); // RFC 5321 2.3.8 wants CRLF
    this.#rest = this.#rest.slice(end + 1);
    this.#bytes += end + 1;
    const why = this.#wrong(line);
    if (why !== undefined) return this.#fail(why, line);
    this.#lines.push(line);
    if (line[3] === '-') return undefined;
    const bytes = this.#bytes;
    const reply = replyOf(this.#lines, this.#oddities ? [...this.#oddities] : none);
    this.#lines = [];
    this.#bytes = 0;
    this.#oddities = undefined;
    return { reply, bytes };
  }

  #wrong(line: string): string | undefined {
    if (line.length > this.#limits.lineBytes) return `a line of ${line.length} bytes`;
    if (this.#lines.length >= this.#limits.lines) return `more than ${this.#limits.lines} lines in one reply`;
    if (this.#bytes > this.#limits.bytes) return `more than ${this.#limits.bytes} bytes in one reply`;
    if (!/^\d\d\d(?:[ -]|$)/.test(line)) return 'not a reply';
    if (!/^[2-5]/.test(line)) return 'a code that does not begin with 2, 3, 4 or 5'; // RFC 5321 4.2
    const first = this.#lines[0];
    if (first !== undefined && !line.startsWith(first.slice(0, 3))) this.#odd('codes differ between lines'); // RFC 5321 4.2.1
    if (line.length === 3) this.#odd('code without text'); // RFC 5321 4.2
    return undefined;
  }

  #odd(what: string): void {
    this.#oddities ??= new Set();
    this.#oddities.add(what);
  }

  #fail(why: string, bytes: string): Parsed {
    this.#failed = true;
    this.#rest = '';
    this.#lines = [];
    return { misspoken: { why, bytes: bytes.slice(0, quoted) } };
  }
}
