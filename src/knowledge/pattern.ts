/** In how many ways the repeats of one pattern may combine at one place of the text. */
const budget = 10_000;

/** What was read of a pattern: its ways to match at one place, whether something repeats, whether it can match nothing. */
interface Weight {
  readonly ways: number;
  readonly repeats: boolean;
  readonly empty: boolean;
}

class Danger extends Error {}

/**
 * Says why a regular expression must not meet hostile text, or nothing when it may. A rule's pattern has to be
 * linear in practice: every repeat bounded, no repeat inside a repeat, no back reference, no look-behind.
 */
export function dangerOf(source: string): string | undefined {
  try {
    new RegExp(source, 'i');
  } catch (error) {
    return `is not a regular expression: ${error instanceof Error ? error.message : error}`;
  }
  if (/\\[1-9]|\\k</.test(source)) return 'refers back to a group; spell the words out';
  if (/\(\?<[=!]/.test(source)) return 'looks behind; match the words themselves';
  try {
    const { empty } = new PatternReader(source).alternation();
    return empty ? 'matches the empty text, and so every reply' : undefined;
  } catch (danger) {
    if (danger instanceof Danger) return danger.message;
    throw danger;
  }
}

const opening = /\((?:\?[:=!])?/y;
const anchor = /\\[bB]|[$^]/y;
const single = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S]/y;
const quantifier = /(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/y;

/** Walks a pattern that is known to be well formed, and weighs it. */
class PatternReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  alternation(): Weight {
    let { ways, repeats, empty } = this.#sequence();
    while (this.#source[this.#at] === '|') {
      this.#at++;
      const other = this.#sequence();
      ways = Math.max(ways, other.ways);
      repeats ||= other.repeats;
      empty ||= other.empty;
    }
    return { ways, repeats, empty };
  }

  #sequence(): Weight {
    let ways = 1;
    let repeats = false;
    let empty = true;
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      const item = this.#repeated(this.#atom());
      ways *= item.ways;
      repeats ||= item.repeats;
      empty &&= item.empty;
      if (ways > budget) throw new Danger('has too many repeats that can combine; shorten their bounds');
    }
    return { ways, repeats, empty };
  }

  #atom(): Weight {
    const open = this.#read(opening);
    if (open !== undefined) {
      const inner = this.alternation();
      this.#at++;
      const looksAhead = open[0].length === 3 && !open[0].endsWith(':');
      return looksAhead ? { ...inner, empty: true } : inner;
    }
    const nothing = this.#read(anchor) !== undefined;
    if (!nothing) this.#read(single);
    return { ways: 1, repeats: false, empty: nothing };
  }

  #repeated(atom: Weight): Weight {
    const found = this.#read(quantifier);
    if (found === undefined) return atom;
    const [sign, least = '0', comma, upper] = found;
    if (/^[*+]/.test(sign) || (comma === ',' && upper === '')) {
      throw new Danger(`repeats without end (${sign}); give it a bound such as {0,40}`);
    }
    const most = sign.startsWith('?') ? 1 : Number(comma === ',' ? upper : least);
    if (most > 1 && atom.repeats) throw new Danger('repeats a group that repeats; keep one of the two');
    return {
      ways: atom.ways * (most - Number(least) + 1),
      repeats: atom.repeats || most > 1,
      empty: atom.empty || Number(least) === 0,
    };
  }

  /** Takes what stands here, if it is of this shape. */
  #read(shape: RegExp): RegExpExecArray | undefined {
    shape.lastIndex = this.#at;
    const found = shape.exec(this.#source) ?? undefined;
    if (found !== undefined) this.#at = shape.lastIndex;
    return found;
  }
}
