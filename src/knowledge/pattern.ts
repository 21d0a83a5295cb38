/** In how many ways the repeats of one pattern may combine at one place of the text. */
const budget = 10_000;

/** What was read of a pattern: its ways to match at one place, and whether something in it repeats. */
interface Weight {
  readonly ways: number;
  readonly repeats: boolean;
}

const plain: Weight = { ways: 1, repeats: false };

class Danger extends Error {}

/**
 * Says why a regular expression must not meet hostile text, or nothing when it may. A rule's pattern has to be
 * linear in practice: every repeat bounded, no repeat inside a repeat, no back reference, no look-behind.
 */
export function dangerOf(source: string): string | undefined {
  let empty: boolean;
  try {
    empty = new RegExp(source, 'i').test('');
  } catch (error) {
    return `is not a regular expression: ${error instanceof Error ? error.message : error}`;
  }
  if (/\\[1-9]|\\k</.test(source)) return 'refers back to a group; spell the words out';
  if (/\(\?<[=!]/.test(source)) return 'looks behind; match the words themselves';
  if (empty) return 'matches the empty text, and so every reply';
  try {
    new PatternReader(source).alternation();
    return undefined;
  } catch (danger) {
    if (danger instanceof Danger) return danger.message;
    throw danger;
  }
}

/** Walks a pattern that is known to be well formed, and weighs it. */
class PatternReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  alternation(): Weight {
    let { ways, repeats } = this.#sequence();
    while (this.#source[this.#at] === '|') {
      this.#at++;
      const other = this.#sequence();
      ways = Math.max(ways, other.ways);
      repeats ||= other.repeats;
    }
    return { ways, repeats };
  }

  #sequence(): Weight {
    let ways = 1;
    let repeats = false;
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      const item = this.#repeated(this.#atom());
      ways *= item.ways;
      repeats ||= item.repeats;
      if (ways > budget) throw new Danger('has too many repeats that can combine; shorten their bounds');
    }
    return { ways, repeats };
  }

  #atom(): Weight {
    const rest = this.#source.slice(this.#at);
    if (rest.startsWith('(')) {
      this.#at += /^\((?:\?[:=!])?/.exec(rest)?.[0].length ?? 1;
      const inner = this.alternation();
      this.#at++;
      return inner;
    }
    this.#at += /^(?:\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S])/.exec(rest)?.[0].length ?? 1;
    return plain;
  }

  #repeated(atom: Weight): Weight {
    const found = /^(?:[*+?]|\{(\d+)(,?)(\d*)\})\??/.exec(this.#source.slice(this.#at));
    if (found === null) return atom;
    this.#at += found[0].length;
    const [sign, least = '0', comma, upper] = found;
    if (/^[*+]/.test(sign) || (comma === ',' && upper === '')) {
      throw new Danger(`repeats without end (${sign}); give it a bound such as {0,40}`);
    }
    const most = sign.startsWith('?') ? 1 : Number(comma === ',' ? upper : least);
    if (most > 1 && atom.repeats) throw new Danger('repeats a group that repeats; keep one of the two');
    return { ways: atom.ways * (most - Number(least) + 1), repeats: atom.repeats || most > 1 };
  }
}
