import { landmarksOf } from './landmarks.ts';

/** Which of many numbered patterns can match a text at all. Plain data, so that it can be kept in a file. */
export interface PhraseIndex {
  /** By the first letters of a landmark: the landmark and the numbers of its patterns. */
  readonly landmarks: Readonly<Record<string, readonly (readonly [mark: string, ...numbers: number[]])[]>>;
  /** Patterns without landmarks. */
  readonly always: readonly number[];
}

/** Landmarks are found by their first three letters; the shortest have two. */
const longStart = 3;
const shortStart = 2;

export function indexOf(sources: readonly string[]): PhraseIndex {
  const numbers = new Map<string, number[]>();
  const always: number[] = [];
  for (const [number, source] of sources.entries()) {
    const marks = landmarksOf(source);
    if (marks === undefined) always.push(number);
    for (const mark of marks ?? []) numbers.set(mark, [...(numbers.get(mark) ?? []), number]);
  }
  const landmarks: Record<string, [string, ...number[]][]> = {};
  for (const [mark, found] of numbers) {
    const start = mark.slice(0, longStart);
    landmarks[start] = [...(landmarks[start] ?? []), [mark, ...found]];
  }
  return { landmarks, always };
}

/** The numbers of all patterns that may match a text; the others cannot. */
export function candidatesIn({ landmarks, always }: PhraseIndex, text: string): ReadonlySet<number> {
  const lower = text.toLowerCase();
  const found = new Set(always);
  for (let at = 0; at <= lower.length - shortStart; at++) {
    const long = landmarks[lower.slice(at, at + longStart)];
    const short = lower.charCodeAt(at) > 0x2ff ? landmarks[lower.slice(at, at + shortStart)] : undefined;
    for (const known of [long, short]) {
      for (const [mark, ...numbers] of known ?? []) {
        if (lower.startsWith(mark, at)) for (const number of numbers) found.add(number);
      }
    }
  }
  return found;
}
