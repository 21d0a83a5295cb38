import type { Alarm, Clock } from '../time/clock.ts';
import { seconds } from '../time/duration.ts';
import type { Destination, Dial } from './environment.ts';

export interface PolitenessOptions {
  /** Connections to one address at the same time. */
  readonly parallel?: number;
  /** ms between the beginnings of two connections to one address. */
  readonly gap?: number;
}

/** The calls at one address: who is connected, who waits, and when the next may begin. */
class Line {
  readonly #clock: Clock;
  readonly #parallel: number;
  readonly #gap: number;
  readonly #waiting: (() => void)[] = [];
  #open = 0;
  #next = Number.NEGATIVE_INFINITY;
  #pause = false;

  constructor(clock: Clock, { parallel = 2, gap = seconds(1) }: PolitenessOptions) {
    this.#clock = clock;
    this.#parallel = parallel;
    this.#gap = gap;
  }

  /** Nobody is connected or waits, and the gap has passed: the line can be forgotten. */
  get idle(): boolean {
    return this.#open === 0 && this.#waiting.length === 0 && this.#clock.now() >= this.#next;
  }

  turn(): Promise<void> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#admit();
    });
  }

  over(): void {
    this.#open--;
    this.#admit();
  }

  #admit(): void {
    if (this.#pause || this.#open >= this.#parallel || this.#waiting.length === 0) return;
    const wait = this.#next - this.#clock.now();
    if (wait > 0) {
      this.#pause = true;
      this.#clock.alarm(wait, () => {
        this.#pause = false;
        this.#admit();
      });
      return;
    }
    this.#open++;
    this.#next = this.#clock.now() + this.#gap;
    this.#waiting.shift()?.();
    this.#admit();
  }
}

/** Addresses remembered before those that are idle are forgotten. */
const mostLines = 1_000;

/**
 * Makes a dial wait until it is polite to call at an address. The time spent waiting does not count against the patience
 * of the one who called.
 */
export function politely(dial: Dial, clock: Clock, options: PolitenessOptions = {}): Dial {
  const lines = new Map<string, Line>();
  const lineOf = (address: string): Line => {
    const known = lines.get(address);
    if (known) return known;
    if (lines.size >= mostLines) for (const [key, line] of lines) if (line.idle) lines.delete(key);
    const line = new Line(clock, options);
    lines.set(address, line);
    return line;
  };
  return async (to, signal) => {
    const line = lineOf(to.address);
    try {
      const socket = await fromItsTurn(dial, to, { clock, signal, turn: line.turn() });
      socket.once('close', () => line.over());
      return socket;
    } catch (error) {
      line.over();
      throw error;
    }
  };
}

/** Dials when the turn has come, and from then on has as much patience as the caller has from the call on. */
async function fromItsTurn(
  dial: Dial,
  to: Destination,
  {
    clock,
    signal,
    turn,
  }: { readonly clock: Clock; readonly signal: AbortSignal; readonly turn: Promise<void> },
): ReturnType<Dial> {
  const late = new AbortController();
  const called = clock.now();
  let patience: number | undefined;
  let turned: number | undefined;
  let alarm: Alarm | undefined;
  const arm = (): void => {
    if (patience === undefined || turned === undefined) return;
    alarm = clock.alarm(turned + patience - clock.now(), () => late.abort());
  };
  const lost = (): void => {
    patience = clock.now() - called;
    arm();
  };
  if (signal.aborted) lost();
  else signal.addEventListener('abort', lost, { once: true });
  await turn;
  turned = clock.now();
  arm();
  try {
    return await dial(to, late.signal);
  } finally {
    signal.removeEventListener('abort', lost);
    alarm?.cancel();
  }
}
