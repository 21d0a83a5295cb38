import type { Knowledge } from '../knowledge/knowledge.ts';
import type { DialogueEntry, SpokenReply } from '../report/dialogue.ts';
import type { Paint, Palette } from '../report/palette.ts';
import { renderEntry } from '../report/terminal/entry.ts';
import { Explainer } from '../report/terminal/explainer.ts';
import { type Asides, Layout } from '../report/terminal/layout.ts';
import { wrap } from '../report/width.ts';
import { escapeControls } from '../text/escape.ts';
import { RightSide, sideBySide } from './beside.ts';
import type { Awaited } from './typed.ts';

export interface ViewOptions {
  /** Takes text that is safe for a terminal. */
  readonly write: (text: string) => void;
  readonly knowledge: Knowledge;
  readonly palette: Palette;
  /** The width of the terminal as it is now. */
  readonly columns: () => number;
}

/** From so many columns on, explanations stand beside the dialogue instead of below. */
const wide = 100;
/** The dialogue's share of a wide terminal, and what it needs for its margins. */
const share = 0.56;
const narrowestDialogue = 60;

const prompts: Readonly<Record<Awaited, string>> = {
  command: 'C:',
  group: '+:',
  message: '..',
  chunk: '..',
  user: 'user name:',
  password: 'password:',
  response: 'response:',
};

/** How a terminal of some width is divided. */
interface Page {
  readonly columns: number;
  readonly dialogue: Layout;
  /** Where explanations stand, unless below. */
  readonly beside?: RightSide;
}

/** Shows a dialogue that somebody types, with explanations beside it, or below where there is no room. */
export class TalkView {
  readonly palette: Palette;
  readonly #write: ViewOptions['write'];
  readonly #knowledge: Knowledge;
  readonly #width: () => number;
  #page: Page;
  #explainer: Explainer;

  constructor({ write, knowledge, palette, columns }: ViewOptions) {
    this.palette = palette;
    this.#write = write;
    this.#knowledge = knowledge;
    this.#width = columns;
    this.#page = this.#divide(columns());
    this.#explainer = new Explainer(knowledge);
  }

  get columns(): number {
    return this.#width();
  }

  /** People resize their terminals. */
  get #now(): Page {
    const columns = this.#width();
    if (columns !== this.#page.columns) this.#page = this.#divide(columns);
    return this.#page;
  }

  #divide(columns: number): Page {
    if (columns < wide) return { columns, dialogue: new Layout(columns, this.palette) };
    const left = Math.max(narrowestDialogue, Math.floor(columns * share));
    return {
      columns,
      dialogue: new Layout(left, this.palette),
      beside: new RightSide(columns - left, this.palette),
    };
  }

  /** In front of what the person types, where the dialogue's own marks stand. */
  prompt(awaits: Awaited): string {
    return `${this.#now.dialogue.margin}${this.palette.client(prompts[awaits])} `;
  }

  show(entry: DialogueEntry): void {
    const { dialogue, beside } = this.#now;
    const said = renderEntry(entry, dialogue);
    const explained = this.#explainer.below(entry, beside ?? dialogue);
    this.print(beside ? sideBySide(said, explained, dialogue.columns) : [...said, ...explained]);
  }

  /** A reply's explanation in full, whatever was explained before. */
  explain(reply: SpokenReply): void {
    const aside: Asides = new Layout(this.columns, this.palette);
    this.print(new Explainer(this.#knowledge).below({ kind: 'reply', at: 0, ...reply }, aside));
  }

  /** What is said once is said in full again. */
  forget(): void {
    this.#explainer = new Explainer(this.#knowledge);
  }

  /** Something about the dialogue that neither side said. */
  note(text: string): void {
    const { note } = this.palette;
    this.print(new Layout(this.columns, this.palette).aside(escapeControls(text), note));
  }

  /** A paragraph of ours, over the whole width. */
  say(text: string, paint: Paint = (line) => line): void {
    this.print(wrap(escapeControls(text), this.columns).map(paint));
  }

  /** A text behind something that it hangs from. */
  hang(head: string, text: string): string[] {
    const indent = ' '.repeat(head.length);
    return wrap(escapeControls(text), this.columns - head.length).map(
      (line, i) => (i === 0 ? head : indent) + line,
    );
  }

  print(lines: readonly string[]): void {
    if (lines.length > 0) this.#write(`${lines.join('\n')}\n`);
  }
}
