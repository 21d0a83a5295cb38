import { createInterface, cursorTo, type Interface, moveCursor } from 'node:readline';
import { Writable } from 'node:stream';
import { linesOf } from '../evidence/lines.ts';
import type { Awaited, Typed } from '../talk/typed.ts';
import { withoutSecret } from '../talk/typed-login.ts';
import { escapeControls } from '../text/escape.ts';
import { exitCodes } from './exit.ts';
import type { Surroundings } from './surroundings.ts';

/** The longest line that is taken from a pipe, in bytes. */
const longestLine = 1024 * 1024;
const history = 500;

/** Standard input: a person at a keyboard, or a script in a pipe. */
export function openTyped(surroundings: Surroundings): Typed {
  return surroundings.typing ? new Keyboard(surroundings) : new Script(surroundings);
}

/** Lines of a pipe, shown as they are read. */
class Script implements Typed {
  readonly keyboard = false;
  readonly #surroundings: Surroundings;
  readonly #batches: AsyncGenerator<readonly string[]>;
  #batch: string[] = [];

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
    this.#batches = linesOf(surroundings.input(), longestLine);
  }

  async lines(
    prompt: string,
    { hidden }: { readonly hidden: boolean },
  ): Promise<readonly string[] | undefined> {
    while (this.#batch.length === 0) {
      const { value, done } = await this.#batches.next();
      if (done) return undefined;
      this.#batch = [...value];
    }
    const line = Buffer.from(this.#batch.shift() ?? '', 'latin1').toString('utf8');
    const shown = hidden ? '(hidden)' : escapeControls(withoutSecret(line));
    this.#surroundings.write(`${prompt}${shown}`.trimEnd().concat('\n'));
    return [line];
  }

  above(print: () => void): void {
    print();
  }

  onInterrupt(): void {}

  complete(): void {}

  close(): void {
    void this.#batches.return(undefined);
  }
}

/** A line editor with history and completion. What is typed while nobody asks is kept, and shown when somebody does. */
class Keyboard implements Typed {
  readonly keyboard = true;
  readonly #write: Surroundings['write'];
  readonly #reader: Interface;
  #silent = true;
  #asked: { readonly awaits: Awaited; readonly hidden: boolean } | undefined;
  #settle: ((lines: readonly string[] | undefined) => void) | undefined;
  /** Lines that came in one piece, oldest first. */
  readonly #bursts: string[][] = [];
  #burst: string[] | undefined;
  #ended = false;
  #words: readonly string[] = [];
  #interrupt: () => void = () => {};
  #interrupted = false;

  constructor({ write, exit }: Surroundings) {
    this.#write = write;
    this.#reader = createInterface({
      input: process.stdin,
      output: this.#output(),
      terminal: true,
      historySize: history,
      completer: (line: string): [string[], string] => this.#complete(line),
    });
    this.#reader.on('line', (line) => this.#take(line));
    this.#reader.on('history', (lines: string[]) => this.#forgetSecrets(lines));
    this.#reader.on('close', () => {
      this.#ended = true;
      this.#settle?.(undefined);
    });
    this.#reader.on('SIGINT', () => this.#stop(exit));
  }

  async lines(
    prompt: string,
    asked: { readonly awaits: Awaited; readonly hidden: boolean },
  ): Promise<readonly string[] | undefined> {
    this.#interrupted = false;
    const waiting = this.#bursts.shift();
    if (waiting) {
      this.#write(`${prompt}${asked.hidden ? '' : escapeControls(waiting[0] ?? '')}\n`);
      return waiting;
    }
    if (this.#ended) return undefined;
    const answered = new Promise<readonly string[] | undefined>((resolve) => {
      this.#settle = resolve;
    });
    this.#asked = asked;
    this.#silent = false;
    this.#reader.setPrompt(prompt);
    this.#reader.prompt(true);
    this.#silent = asked.hidden;
    return answered;
  }

  above(print: () => void): void {
    if (!this.#asked) return print();
    const { rows } = this.#reader.getCursorPos();
    this.#silent = false;
    moveCursor(process.stdout, 0, -rows);
    cursorTo(process.stdout, 0);
    this.#write('\x1b[J');
    print();
    this.#reader.prompt(true);
    this.#silent = this.#asked.hidden;
  }

  onInterrupt(interrupt: () => void): void {
    this.#interrupt = interrupt;
  }

  complete(words: readonly string[]): void {
    this.#words = words;
  }

  close(): void {
    this.#reader.close();
  }

  /** Where the line editor draws: the terminal, unless nothing is to be seen. */
  #output(): Writable {
    const { stdout } = process;
    const output = new Writable({
      write: (chunk, _encoding, done) => {
        if (!this.#silent) stdout.write(chunk);
        done();
      },
    });
    Object.defineProperty(output, 'columns', { get: () => stdout.columns });
    return output;
  }

  /** Lines that a paste brings come one after another before anybody else has a turn. */
  #take(line: string): void {
    if (this.#burst) return void this.#burst.push(line);
    const burst = [line];
    this.#burst = burst;
    const settle = this.#settle;
    if (this.#asked?.hidden) this.#write('\n');
    this.#asked = undefined;
    this.#settle = undefined;
    this.#silent = true;
    queueMicrotask(() => {
      this.#burst = undefined;
      if (settle) settle(burst);
      else this.#bursts.push(burst);
    });
  }

  /** Only commands are remembered, and none that shows a password. */
  #forgetSecrets(lines: string[]): void {
    const [latest = ''] = lines;
    const isCommand = this.#asked?.awaits === 'command' || this.#asked?.awaits === 'group';
    if (!isCommand || withoutSecret(latest) !== latest) lines.shift();
  }

  /** Ctrl-C: takes a half-typed line away, ends the conversation on an empty one, and breaks off what is under way. */
  #stop(exit: Surroundings['exit']): void {
    if (!this.#asked) {
      if (this.#interrupted) exit(exitCodes.interrupted);
      this.#interrupted = true;
      this.#interrupt();
    } else if (this.#reader.line === '') {
      this.#write('\n');
      this.#reader.close();
    } else this.#reader.write(null, { ctrl: true, name: 'u' });
  }

  #complete(line: string): [string[], string] {
    if (this.#asked?.awaits !== 'command' && this.#asked?.awaits !== 'group') return [[], line];
    const found = this.#words.filter((word) => word.toLowerCase().startsWith(line.toLowerCase()));
    return [found.length === 1 && found[0] === line ? [] : found, line];
  }
}
