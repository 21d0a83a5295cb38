import { missOf } from './endings.ts';
import { type Finding, type Format, type LineReader, type Loss, nothing } from './finding.ts';
import { type Peer, Session } from './session.ts';

/** What one line of a dialogue, as a program prints it, stands for. */
export type Said =
  | { readonly by: 'server' | 'client'; readonly lines: readonly string[] }
  | { readonly by: 'connected'; readonly peer: Peer; readonly late?: true }
  | { readonly by: 'secured'; readonly protocol: string }
  | { readonly by: 'lost'; readonly how: Loss }
  /** No connection came about; the words of the operating system. */
  | { readonly by: 'missed'; readonly words: string }
  /** Something that cannot be a reply, which the client prints. */
  | { readonly by: 'complaint'; readonly text: string }
  /** Of this format, and nothing to explain. */
  | { readonly by: 'aside' };

export const aside: Said = { by: 'aside' };

/** How one program prints a dialogue; `undefined` for lines that it does not print. */
export type Notation = (line: string, inMessage: boolean) => Said | undefined;

/** A format that prints both sides of a dialogue. */
export function dialogueFormat(name: string, title: string, notation: () => Notation): Format {
  return { name, title, reader: () => new DialogueReader(name, notation()) };
}

class DialogueReader implements LineReader {
  readonly #format: string;
  readonly #read: Notation;
  readonly #session: Session;

  constructor(format: string, notation: Notation) {
    this.#format = format;
    this.#read = notation;
    this.#session = new Session(format);
  }

  take(line: string, number: number): readonly Finding[] | undefined {
    const said = this.#read(line, this.#session.inMessage);
    if (said === undefined) return undefined;
    switch (said.by) {
      case 'server':
        return said.lines.flatMap((text) => this.#session.server(text, number));
      case 'client':
        return said.lines.flatMap((text) => this.#session.client(text, number));
      case 'connected':
        return this.#session.connected(said.peer, number, said.late);
      case 'secured':
        this.#session.secured(said.protocol);
        return nothing;
      case 'lost':
        return this.#session.lost(said.how, number);
      case 'missed': {
        const ending = missOf(said.words);
        const here = { format: this.#format, line: number };
        return [
          ending ? { kind: 'ending', ending, ...here } : { kind: 'complaint', text: said.words, ...here },
        ];
      }
      case 'complaint':
        return [{ kind: 'complaint', text: said.text, format: this.#format, line: number }];
      case 'aside':
        return nothing;
      default:
        return said satisfies never;
    }
  }

  end(number: number): readonly Finding[] {
    return this.#session.end(number);
  }

  lost(how: Loss, number: number): readonly Finding[] {
    return this.#session.lost(how, number);
  }
}
