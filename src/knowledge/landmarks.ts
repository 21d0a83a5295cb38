/** What was found out about a part of a pattern, in lower case. */
interface Part {
  /** All texts that it can match, where they are few. */
  readonly exact: readonly string[] | undefined;
  /** Every text that it matches contains one word of each of these sets. */
  readonly marks: readonly Words[];
}

type Words = readonly string[];

const nothing: Part = { exact: [''], marks: [] };
const anything: Part = { exact: undefined, marks: [] };
const mostExact = 16;
const mostWords = 80;
const mostSets = 3;

/**
 * Sets of words, in lower case: a text must hold one of each for a pattern to match. None where nothing that short can be
 * said. They spare most patterns of a rulebook being tried, or even compiled. The pattern has to be one that
 * `dangerOf` lets pass: bounded repeats, no look-behind.
 */
export function landmarksOf(source: string): readonly Words[] {
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
    const words = union(
      parts.map(({ marks }) => marks[0]),
      mostWords,
    );
    return {
      exact: union(
        parts.map(({ exact }) => exact),
        mostExact,
      ),
      marks: words === undefined ? [] : [words],
    };
  }

  #sequence(): Part {
    let run: Words = [''];
    let best: Words = run;
    let whole = true;
    const sets: Words[] = [];
    while (this.#at < this.#source.length && !'|)'.includes(this.#source[this.#at] ?? '')) {
      const { exact, marks } = this.#repeated(this.#atom());
      const longer = exact && joined(run, exact);
      if (longer === undefined) {
        whole = false;
        sets.push(best, ...marks);
        best = [''];
      }
      run = longer ?? exact ?? [''];
      if (worth(run) > worth(best)) best = run;
    }
    return { exact: whole ? run : undefined, marks: worthiest([...sets, best]) };
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
    if (few !== undefined) return { exact: [...few.toLowerCase()], marks: [] };
    const [, escaped, plain] = this.#read(literal) ?? [];
    const letter = escaped ?? plain;
    if (letter !== undefined) return { exact: [letter.toLowerCase()], marks: [] };
    this.#read(single);
    return anything;
  }

  #repeated(atom: Part): Part {
    const found = this.#read(quantifier);
    if (found === undefined) return atom;
    const [sign, least = '0'] = found;
    if (sign.startsWith('?')) return { exact: atom.exact && union([[''], atom.exact], mostExact), marks: [] };
    if (Number(least) === 0) return anything;
    return { exact: undefined, marks: worthiest([...atom.marks, atom.exact ?? ['']]) };
  }

  /** Takes what stands here, if it is of this shape. */
  #read(shape: RegExp): RegExpExecArray | undefined {
    shape.lastIndex = this.#at;
    const found = shape.exec(this.#source) ?? undefined;
    if (found !== undefined) this.#at = shape.lastIndex;
    return found;
  }
}

function union(sets: readonly (Words | undefined)[], most: number): Words | undefined {
  const all = new Set<string>();
  for (const set of sets) {
    if (set === undefined) return undefined;
    for (const text of set) all.add(text);
  }
  return all.size > most ? undefined : [...all];
}

function joined(before: Words, after: Words): Words | undefined {
  if (before.length * after.length > mostExact) return undefined;
  return union(
    before.map((start) => after.map((end) => start + end)),
    mostExact,
  );
}

/** Longer and fewer words are rarer in other texts. */
function worth(words: Words): number {
  return words.every(tells) ? Math.min(...words.map(({ length }) => length)) + 1 / words.length : 0;
}

function worthiest(sets: readonly Words[]): readonly Words[] {
  return sets
    .filter((words) => worth(words) > 0)
    .sort((a, b) => worth(b) - worth(a))
    .slice(0, mostSets);
}
