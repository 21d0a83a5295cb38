/** A pattern of a rule, made into a regular expression when it is first tried. */
export class Phrase {
  readonly source: string;
  /** Its place among all patterns that the index of a rulebook knows. */
  readonly number: number;
  #expression: RegExp | undefined;

  constructor(source: string, number = -1) {
    this.source = source;
    this.number = number;
  }

  /** What of the text it matches, whatever the case. */
  find(text: string): string | undefined {
    this.#expression ??= new RegExp(this.source, 'i');
    return this.#expression.exec(text)?.[0];
  }
}
