/** What was found out about a part of a pattern, in lower case. */
interface Part {
  /** All texts that it can match, where they are few. */
  readonly exact: readonly string[] | undefined;
  /** Every text that it matches contains one of these. */
  readonly marks: readonly string[] | undefined;
}

const nothing: Part = { exact: [''], marks: undefined };
const anything: Part = { exact: undefined, marks: undefined };
const mostExact = 16;
const mostMarks = 80;

/**
 * Words of which a text must hold at least one for a pattern to match, in lower case; undefined where nothing that short
 * can be said. They spare most patterns of a rulebook being tried, or even compiled. The pattern has to be one that
 * `dangerOf` lets pass: bounded repeats, no look-behind.
 */
export function landmarksOf(source: string): readonly string[] | undefined {
  return new PartReader(source).alternation().marks;
}

/** A landmark is worth looking for from three letters on; two where the letters are many. */
function tells(text: string): boolean {
  return text.length >= 3 || (text.length === 2 && /[^\0-\u02ff]{2}/.test(text));
}

const opening = /\((?:\?[:=!])?/y;
const anchor = /\\[bB]|[$^]/y;
const oneOfFew = /\[(-?[^\]\\^-]{1,4}-?)\]/y;
const literal = /\\([^\w\s])|([^\\[\].])/y;
const single = /\\[\s\S]|\[(?:\\[\s\S]|[^\]\\])*\]|[\s\S]/y;
const quantifier = /(?:\?|\{(\d+)(?:,\d*)?\})\??/y;

/** Walks a pattern that is known to be well formed. */
class PartReader {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  alternation(): Part {
    const parts = [this.#sequence()];
    while (this.#source[this.#at] === '|') {
      this.#at++;
      parts.push(this.#sequence());
    }
    const [only] = parts;
    if (parts.length === 1 && only !== undefined) return only;
    return {
      exact: union(
        parts.map(({ exact }) => exact),
        mostExact,
      ),
      marks: union(
        parts.map(({ marks }) => marks),
        mostMarks,
      ),
    };
  }

  #sequence(): Part {
    let run: readonly string[] = [''];
    let whole = true;
    let best: readonly string[] | undefined;
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      const { exact, marks } = this.#repeated(this.#atom());
      best = better(best, marks);
      const longer = exact && joined(run, exact);
      if (longer === undefined) whole = false;
      run = longer ?? exact ?? [''];
      best = better(best, run);
    }
    return { exact: whole ? run : undefined, marks: best };
  }

  #atom(): Part {
    const open = this.#read(opening);
    if (open !== undefined) {
      const inner = this.alternation();
      this.#at++;
      return /^\(\?[=!]$/.test(open[0]) ? nothing : inner;
    }
    if (this.#read(anchor) !== undefined) return nothing;
    const few = this.#read(oneOfFew)?.[1];
    if (few !== undefined) return { exact: [...few.toLowerCase()], marks: undefined };
    const [, escaped, plain] = this.#read(literal) ?? [];
    const letter = escaped ?? plain;
    if (letter !== undefined) return { exact: [letter.toLowerCase()], marks: undefined };
    this.#read(single);
    return anything;
  }

  #repeated(atom: Part): Part {
    const found = this.#read(quantifier);
    if (found === undefined) return atom;
    const [sign, least = '0'] = found;
    if (sign.startsWith('?'))
      return { exact: atom.exact && union([[''], atom.exact], mostExact), marks: undefined };
    return Number(least) > 0 ? { exact: undefined, marks: better(atom.marks, atom.exact) } : anything;
  }

  /** Takes what stands here, if it is of this shape. */
  #read(shape: RegExp): RegExpExecArray | undefined {
    shape.lastIndex = this.#at;
    const found = shape.exec(this.#source) ?? undefined;
    if (found !== undefined) this.#at = shape.lastIndex;
    return found;
  }
}

function union(
  sets: readonly (readonly string[] | undefined)[],
  most: number,
): readonly string[] | undefined {
  const all = new Set<string>();
  for (const set of sets) {
    if (set === undefined) return undefined;
    for (const text of set) all.add(text);
  }
  return all.size > most ? undefined : [...all];
}

function joined(before: readonly string[], after: readonly string[]): readonly string[] | undefined {
  if (before.length * after.length > mostExact) return undefined;
  return union(
    before.map((start) => after.map((end) => start + end)),
    mostExact,
  );
}

/** Longer and fewer words are rarer in other texts. */
function better(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): readonly string[] | undefined {
  return worth(other) > worth(one) ? other : one;
}

function worth(marks: readonly string[] | undefined): number {
  if (marks === undefined || !marks.every(tells)) return 0;
  return Math.min(...marks.map((mark) => mark.length)) + 1 / marks.length;
}
