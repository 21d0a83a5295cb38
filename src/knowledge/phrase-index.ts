import { landmarksOf } from './landmarks.ts';

/** A landmark, and for each pattern that has it `slots` times its number plus that of its set. */
type Landmark = readonly [mark: string, uses: readonly number[]];

/** Which of many numbered patterns can match a text at all. Plain data, so that it can be kept in a file. */
export interface PhraseIndex {
  /** By a hash of their first letters. */
  readonly landmarks: Readonly<Record<number, readonly Landmark[]>>;
  /** Of each pattern, one bit for each of its sets of landmarks: all have to be found. */
  readonly sets: readonly number[];
}

const slots = 4;
/** Landmarks have at least three letters, or two of an alphabet that begins here. */
const manyLetters = 0x300;

function hash(first: number, second: number, third: number): number {
  return (first * 961 + second * 31 + third) & 0xfff;
}

export function indexOf(sources: readonly string[]): PhraseIndex {
  const uses = new Map<string, number[]>();
  const sets = sources.map((source, number) => {
    const marks = landmarksOf(source);
    for (const [set, words] of marks.entries()) {
      for (const word of words) uses.set(word, [...(uses.get(word) ?? []), number * slots + set]);
    }
    return 2 ** marks.length - 1;
  });
  const landmarks: Record<number, Landmark[]> = {};
  for (const [mark, found] of uses) {
    const start = hash(mark.charCodeAt(0), mark.charCodeAt(1), mark.length === 2 ? 0 : mark.charCodeAt(2));
    landmarks[start] = [...(landmarks[start] ?? []), [mark, found]];
  }
  return { landmarks, sets };
}

/** Tells of a pattern's number whether it may match a text; if not, it cannot. */
export type Candidates = (number: number) => boolean;

export function candidatesIn({ landmarks, sets }: PhraseIndex, text: string): Candidates {
  const lower = text.toLowerCase();
  const found = new Uint8Array(sets.length);
  let [first, second] = [lower.charCodeAt(0), lower.charCodeAt(1)];
  for (let at = 0; at < lower.length - 1; at++) {
    const third = lower.charCodeAt(at + 2); // NaN behind the end counts as 0
    note(landmarks[hash(first, second, third)], lower, at, found);
    if (first >= manyLetters) note(landmarks[hash(first, second, 0)], lower, at, found);
    first = second;
    second = third;
  }
  return (number) => found[number] === sets[number];
}

function note(known: readonly Landmark[] | undefined, text: string, at: number, found: Uint8Array): void {
  if (known === undefined) return;
  for (const [mark, uses] of known) {
    if (!text.startsWith(mark, at)) continue;
    for (const use of uses) {
      const number = Math.floor(use / slots);
      found[number] = (found[number] ?? 0) | (1 << (use % slots));
    }
  }
}
