import { Composer, type CST, Lexer, type ParsedNode, Parser } from 'yaml';
import { type Fault, mostFaults, Unreadable } from './fault.ts';
import { Openings } from './openings.ts';
import { inPlainWords } from './yaml-faults.ts';

/** How far mappings and lists may be nested. */
const deepest = 100;

/** The most signs (words, dashes, colons, spaces between them, line ends) that a file may hold. */
const mostLexemes = 400_000;

/** A file's YAML. `faults` are mistakes of syntax, after the first of which the tree may be wrong. */
export interface YamlTree {
  readonly root: ParsedNode | null;
  readonly faults: readonly Fault[];
}

/** What the library takes for a place. */
type Place = number | readonly number[] | { readonly offset: number; readonly source?: string };

/**
 * Reads text as one YAML 1.2 document with text keys, without tags and within bounds of work.
 * @throws {Unreadable} when it goes past them
 */
export function readTree(text: string): YamlTree {
  const reading = new Reading(text);
  const composer = new Composer({
    version: '1.2',
    stringKeys: true,
    uniqueKeys: false, // compares every key with every other; done in values.ts instead
    resolveKnownTags: false,
  });
  // The library gathers mistakes in a list of its own without end (seen with yaml 2.9: a million in one file),
  // so ours is put in the place of its private handler. test/datafile/yaml-seam.test.ts pins this.
  Reflect.set(composer, 'onError', reading.note);
  let root: ParsedNode | null = null;
  let documents = 0;
  try {
    for (const document of composer.compose(reading.tokens(), true, text.length)) {
      documents++;
      for (const { pos, message } of document.errors) reading.note(pos, '', message);
      if (documents === 1) root = document.contents;
      else {
        reading.noteSecond(document.range[0]);
        break;
      }
    }
  } catch (error) {
    if (!(error instanceof EnoughFaults)) throw error;
  }
  return { root, faults: reading.faults };
}

class EnoughFaults extends Error {}

/** One pass over a text: hands tokens to the composer, counts work and notes mistakes. */
class Reading {
  readonly faults: Fault[] = [];
  readonly #text: string;
  readonly #openings = new Openings();

  constructor(text: string) {
    this.#text = text;
  }

  *tokens(): Generator<CST.Token, void> {
    const parser = new Parser();
    let lexemes = 0;
    for (const lexeme of new Lexer().lex(this.#text)) {
      const start = parser.offset;
      if (++lexemes > mostLexemes)
        throw unreadable(start, 'is where this file becomes too long to read', 'split it into several');
      this.#openings.see(lexeme, start);
      for (const token of parser.next(lexeme)) yield* this.#admit(token);
      if (parser.stack.length > deepest + 1)
        throw unreadable(start, `is nested more than ${deepest} levels deep`);
    }
    for (const token of parser.end()) yield* this.#admit(token);
  }

  /** Notes tokens that are mistakes, and lets the composer see the others. */
  *#admit(token: CST.Token): Generator<CST.Token, void> {
    if (token.type === 'error') this.note(token, '', token.message);
    else if (token.type !== 'directive') yield token;
    else if (!/^%YAML\s+1\.2\b/.test(token.source)) {
      const end = token.offset + token.source.length;
      this.#add({ start: token.offset, end, message: 'is a directive; files here are plain YAML 1.2' });
    }
  }

  readonly note = (place: Place, _code: string, sentence: string): void => {
    const [start, end] = extent(place, this.#text);
    const opening = this.#openings.meantBy(sentence, start);
    if (opening !== undefined) this.#add({ start: opening, end: opening + 1, message: 'is never closed' });
    else this.#add({ start, end, ...inPlainWords(sentence) });
  };

  noteSecond(start: number): void {
    this.#add({ start, end: start + 3, message: 'starts a second document; a file holds one' });
  }

  /** Of two mistakes in one place the later is the cause: a key of several lines, seen first as a second colon. */
  #add(fault: Fault): void {
    if (this.faults.at(-1)?.start === fault.start) this.faults.pop();
    if (this.faults.length > mostFaults) throw new EnoughFaults();
    this.faults.push(fault);
  }
}

function extent(place: Place, text: string): readonly [number, number] {
  if (typeof place === 'number') {
    const start = text[place] === ' ' ? place + text.slice(place).search(/[^ ]|$/) : place;
    return [start, start + 1];
  }
  if (!('offset' in place)) return [place[0] ?? 0, place[1] ?? 0];
  return [place.offset, place.offset + (place.source?.length ?? 1)];
}

function unreadable(start: number, message: string, hint?: string): Unreadable {
  return new Unreadable({ start, end: start + 1, message, ...(hint !== undefined && { hint }) });
}
