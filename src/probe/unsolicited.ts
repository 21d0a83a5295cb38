import type { Reply } from '../smtp/reply.ts';

/** After so many the host is taken to talk nonsense. */
const most = 32;

/** Replies that came when none was due: to nobody's question, or a second one to the same. */
export class Unsolicited {
  readonly #replies: Reply[] = [];

  /** False when there are too many. */
  add(reply: Reply): boolean {
    return this.#replies.push(reply) <= most;
  }

  /** The 421 with which the host takes its leave, if it did. RFC 5321 3.8 */
  get farewell(): Reply | undefined {
    return this.#replies.find(({ code }) => code === 421);
  }

  /** All of it as it came. */
  get text(): string {
    return this.#replies.flatMap(({ raw }) => raw.map((line) => `${line}\r\n`)).join('');
  }

  shift(): Reply | undefined {
    return this.#replies.shift();
  }

  clear(): void {
    this.#replies.length = 0;
  }
}
