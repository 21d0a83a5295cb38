import { onTestFinished } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { createPalette } from '../../src/report/palette.ts';
import { converse } from '../../src/talk/converse.ts';
import type { Desk } from '../../src/talk/desk.ts';
import { type SimulatedPartner, simulatedPartner } from '../../src/talk/simulated-partner.ts';
import { type Partner, Talk } from '../../src/talk/talk.ts';
import { TalkView } from '../../src/talk/talk-view.ts';
import type { Typed } from '../../src/talk/typed.ts';
import type { WorldLike } from '../../src/world/start-lab.ts';

/** Lines that somebody types; an array is pasted at once. */
export type Script = readonly (string | readonly string[])[];

/** Somebody who types what a script says and then leaves; `asked` is told what each line was taken for. */
export class Typist implements Typed {
  readonly keyboard: boolean;
  readonly asked: { readonly awaits: string; readonly hidden: boolean }[] = [];
  readonly #script: (string | readonly string[])[];
  readonly #write: (text: string) => void;
  /** Called before the line of this number. */
  readonly #before: (line: number) => Promise<void> | void;
  words: readonly string[] = [];

  constructor(
    script: Script,
    write: (text: string) => void,
    {
      keyboard = false,
      before = () => {},
    }: { keyboard?: boolean; before?: (line: number) => Promise<void> | void },
  ) {
    this.#script = [...script];
    this.#write = write;
    this.keyboard = keyboard;
    this.#before = before;
  }

  async lines(
    prompt: string,
    asked: { readonly awaits: string; readonly hidden: boolean },
  ): Promise<readonly string[] | undefined> {
    await this.#before(this.asked.length);
    this.asked.push(asked);
    const next = this.#script.shift();
    if (next === undefined) return undefined;
    const lines = [next].flat();
    this.#write(`${prompt}${asked.hidden ? '(hidden)' : lines[0]}\n`);
    return lines;
  }

  above(print: () => void): void {
    print();
  }

  onInterrupt(): void {}

  complete(words: readonly string[]): void {
    this.words = words;
  }

  close(): void {}
}

export interface Held {
  /** All that was shown. */
  readonly text: string;
  /** The same without the line ends that a width makes. */
  readonly words: string;
  readonly talk: Talk;
  readonly typist: Typist;
}

export interface Holding {
  readonly columns?: number;
  readonly keyboard?: boolean;
  /** Called before the line of this number, with all that was shown so far. */
  readonly before?: (line: number, shown: () => string) => Promise<void> | void;
  readonly withholdMessages?: string;
  readonly save?: Desk['save'];
}

export async function viewOf(write: (text: string) => void, columns = 80): Promise<TalkView> {
  const palette = createPalette({ colour: 0, unicode: true });
  return new TalkView({ write, knowledge: await loadKnowledge(), palette, columns: () => columns });
}

export async function partnerOf(hosts: WorldLike['hosts']): Promise<SimulatedPartner> {
  const partner = await simulatedPartner(hosts);
  onTestFinished(() => partner.close());
  return partner;
}

/** Talks to a simulated host by a script. */
export async function hold(
  host: WorldLike['hosts'][string],
  script: Script,
  more: Holding = {},
): Promise<Held> {
  const simulated = await partnerOf({ 'mx.example.net': host });
  const { withholdMessages } = more;
  return holdWith(
    { ...simulated, ...(withholdMessages === undefined ? {} : { withholdMessages }) },
    script,
    more,
    simulated,
  );
}

export async function holdWith(
  partner: Partner,
  script: Script,
  { columns, keyboard, before, save }: Holding = {},
  simulated?: SimulatedPartner,
): Promise<Held> {
  let text = '';
  const write = (piece: string): void => {
    text += piece;
  };
  const view = await viewOf(write, columns);
  const talk = new Talk(partner, view);
  const typist = new Typist(script, write, {
    ...(keyboard === undefined ? {} : { keyboard }),
    before: (line) => before?.(line, () => text),
  });
  await converse({ talk, view, ...(simulated ? { simulated } : {}), ...(save ? { save } : {}) }, typist);
  return { text, words: wordsOf(text), talk, typist };
}

/** Words without the line ends and bars that a width makes. */
export function wordsOf(text: string): string {
  return text.replace(/[\s│]+/g, ' ').trim();
}
