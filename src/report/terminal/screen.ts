import { Writable } from 'node:stream';
import { createLogUpdate } from 'log-update';
import type { Alarm, Clock } from '../../time/clock.ts';
import { cutTo } from '../width.ts';

/** How long the spinner shows one picture, in ms. */
const turn = 100;

interface ScreenOptions {
  readonly write: (text: string) => void;
  readonly columns: number;
  readonly isTerminal: boolean;
  readonly spinner: readonly string[];
  readonly more: string;
  readonly clock: Clock | undefined;
}

/** Output that scrolls, and below it on a terminal one line that is written over. */
export class Screen {
  readonly #options: ScreenOptions;
  readonly #live: ReturnType<typeof createLogUpdate> | undefined;
  #status = '';
  #picture = 0;
  #alarm: Alarm | undefined;

  constructor(options: ScreenOptions) {
    this.#options = options;
    this.#live = options.isTerminal ? createLogUpdate(streamTo(options), { showCursor: true }) : undefined;
  }

  print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    this.#live?.clear();
    this.#options.write(`${lines.join('\n')}\n`);
    this.#draw();
  }

  /** Shows how things stand. Does nothing where there is no terminal. */
  status(text: string): void {
    if (!this.#live) return;
    this.#status = text;
    if (!this.#options.clock) this.#picture++;
    this.#draw();
    this.#alarm ??= this.#wind();
  }

  /** Takes the status line away for good. */
  close(): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
    this.#status = '';
    this.#live?.clear();
    this.#live?.done();
  }

  #wind(): Alarm | undefined {
    return this.#options.clock?.alarm(turn, () => {
      this.#picture++;
      this.#draw();
      this.#alarm = this.#wind();
    });
  }

  #draw(): void {
    if (!this.#live || this.#status === '') return;
    const { spinner, columns, more } = this.#options;
    this.#live(cutTo(`${spinner[this.#picture % spinner.length] ?? ''} ${this.#status}`, columns - 1, more));
  }
}

/** What log-update wants of a stream, on top of a function that takes text. */
function streamTo({ write, columns }: ScreenOptions): Writable & { columns: number; isTTY: true } {
  const stream = new Writable({
    decodeStrings: false,
    write: (chunk, _encoding, done) => {
      write(String(chunk));
      done();
    },
  });
  return Object.assign(stream, { columns, isTTY: true as const });
}
