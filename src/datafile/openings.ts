/** What the lexer sends when a bracket ends without its partner (yaml's CST.FLOW_END). */
const flowEnd = '\x18';

/** Where quotes and brackets open, so that what is never closed can be shown there and not at the end. */
export class Openings {
  /** Where quoted text begins, by where it ends. */
  readonly #quotes = new Map<number, number>();
  readonly #open: number[] = [];
  readonly #unclosed: number[] = [];

  see(lexeme: string, start: number): void {
    if (lexeme.startsWith('"') || lexeme.startsWith("'")) this.#quotes.set(start + lexeme.length, start);
    else if (lexeme === '[' || lexeme === '{') this.#open.push(start);
    else if (lexeme === ']' || lexeme === '}') this.#open.pop();
    else if (lexeme === flowEnd) this.#unclosed.push(...this.#open.splice(0));
  }

  /** The quote or bracket that the library's sentence, noted at `offset`, is about. */
  meantBy(sentence: string, offset: number): number | undefined {
    if (sentence.startsWith('Missing closing')) return this.#quotes.get(offset);
    if (!/end with a [\]}]/.test(sentence)) return undefined;
    const unclosed = [...this.#unclosed, ...this.#open].filter((start) => start < offset);
    return unclosed.at(-1);
  }
}
