import type { Stage } from '../smtp/stage.ts';

/** The stage of each verb, in capitals, that has one of its own. BDAT has two. */
export const stageOfVerb: Readonly<Record<string, Stage>> = {
  EHLO: 'ehlo',
  HELO: 'ehlo',
  STARTTLS: 'starttls',
  AUTH: 'auth',
  MAIL: 'mail',
  RCPT: 'rcpt',
  DATA: 'data',
  QUIT: 'quit',
};

/**
 * Follows one connection from outside and tells which stage each reply belongs to. Replies come in the order of the
 * commands (RFC 2920 3.1), so a queue of commands is enough, even for groups.
 */
export class StageTracker {
  #due: Stage[] = ['greeting'];
  #messageNext = false;
  #authNext = false;
  /** Bytes of a BDAT chunk that are still to come. */
  #chunk = 0;

  connected(): void {
    this.#due = ['greeting'];
    this.#messageNext = false;
    this.#authNext = false;
    this.#chunk = 0;
  }

  /** Takes notice of what we sent: lines without their ends, and how many bytes it was in all. */
  sent(lines: readonly string[], bytes: number): void {
    if (this.#chunk > 0) {
      this.#chunk = Math.max(0, this.#chunk - bytes);
    } else if (this.#messageNext || this.#authNext) {
      this.#due.push(this.#messageNext ? 'message' : 'auth');
      this.#messageNext = false;
      this.#authNext = false;
    } else {
      this.#commands(lines, bytes);
    }
  }

  /** The stage of a reply that has come whole. A reply that nothing asked for belongs to no command. */
  replied(code: number): Stage {
    const stage = this.#due.shift() ?? 'command';
    this.#messageNext = stage === 'data' && code === 354; // RFC 5321 4.1.1.4
    this.#authNext = stage === 'auth' && code === 334; // RFC 4954 4
    return stage;
  }

  #commands(lines: readonly string[], bytes: number): void {
    let left = bytes;
    for (const line of lines) {
      left -= line.length + 2;
      const [verb = '', size, last] = line.toUpperCase().split(' ');
      if (verb !== 'BDAT') {
        this.#due.push(stageOfVerb[verb] ?? 'command');
        continue;
      }
      this.#due.push(last === 'LAST' ? 'message' : 'data'); // RFC 3030 2
      this.#chunk = Math.max(0, Number(size) - Math.max(0, left));
      return;
    }
  }
}
