import { createPalette, type Palette } from '../report/palette.ts';
import { Screen } from '../report/terminal/screen.ts';
import { describeAlert } from '../report/verify/alert-words.ts';
import type { VerifyRow } from '../report/verify/row.ts';
import { VerifyTally } from '../report/verify/tally.ts';
import { seconds } from '../time/duration.ts';
import { RealClock } from '../time/real-clock.ts';
import type { ListEvent } from '../verify/list/list-event.ts';
import type { Surroundings } from './surroundings.ts';

/** How often a terminal is drawn anew at most, and a line is written where there is none, in ms. */
const drawn = 100;
const told = seconds(30);

/** Says how a run goes: on a terminal in one line that changes, elsewhere in a line now and then, and at the end in words. */
export class ListProgress {
  readonly #surroundings: Surroundings;
  readonly #palette: Palette;
  readonly #tally: VerifyTally;
  readonly #left: number | undefined;
  readonly #screen: Screen | undefined;
  readonly #said = new Set<string>();
  #next: number;

  /** `total` and `before` are entries of the list: all of them, and those that had their result before. */
  constructor(
    surroundings: Surroundings,
    { total, before }: { readonly total: number | undefined; readonly before: number },
  ) {
    const { columns, colours: colour, unicode, terminal, complain, stopwatch } = surroundings;
    this.#surroundings = surroundings;
    this.#palette = createPalette({ colour, unicode });
    this.#tally = new VerifyTally(stopwatch());
    this.#left = total === undefined ? undefined : total - before;
    const { marks } = this.#palette;
    const isTerminal = terminal && process.stderr.isTTY === true;
    if (isTerminal)
      this.#screen = new Screen({
        write: (text) => void process.stderr.write(text),
        columns,
        isTerminal,
        spinner: marks.spinner,
        more: marks.more,
        clock: new RealClock(),
      });
    this.#next = stopwatch() + (isTerminal ? 0 : told);
    if (before > 0) complain(`mxlab: ${before} have their result already.`);
  }

  add(row: VerifyRow): void {
    this.#tally.add(row.class);
    const now = this.#surroundings.stopwatch();
    if (now < this.#next) return;
    const status = this.#tally.status(now, this.#left, this.#palette);
    if (this.#screen) this.#screen.status(status);
    else this.#surroundings.complain(`mxlab: ${status}`);
    this.#next = now + (this.#screen ? drawn : told);
  }

  observe(event: ListEvent): void {
    if (event.kind === 'alert') this.say(describeAlert(event.alert));
    if (event.kind !== 'paced' || event.sign === 'none') return;
    const { operator, stopped } = event;
    const line =
      stopped === undefined
        ? `${operator} shows a limit: asking it more slowly.`
        : `${stopped}: nobody else there is asked.`;
    if (this.#said.has(line)) return;
    if (this.#said.size < 10_000) this.#said.add(line);
    this.say(line);
  }

  /** A line above the one that changes. */
  readonly say = (line: string): void => {
    if (this.#screen) this.#screen.print([`mxlab: ${line}`]);
    else this.#surroundings.complain(`mxlab: ${line}`);
  };

  close(): void {
    this.#screen?.close();
  }

  sum(interrupted: boolean): void {
    const { count } = this.#tally;
    const words = count === 0 ? 'nothing to do' : `${count} verified: ${this.#tally.byClass()}`;
    this.#surroundings.complain(`mxlab: ${words}.${interrupted ? ' Interrupted; go on with --resume.' : ''}`);
  }
}
