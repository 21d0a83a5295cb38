/** Words longer than this are not compared. */
const longestWord = 64;

/**
 * The candidate that a person most likely meant by `word`, or `undefined` when none is near: by
 * Damerau-Levenshtein distance (optimal string alignment), capitals and `_` for `-` counting as near. Of those equally near, the
 * one that begins alike for longest: who types `verfy` had `ver` in mind.
 */
export function closest(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > longestWord) return undefined;
  const plain = plainly(word);
  let best: string | undefined;
  let least = tolerance(plain.length) + 0.5;
  let alike = 0;
  for (const candidate of candidates) {
    if (candidate === word || Math.abs(candidate.length - word.length) > least) continue;
    const other = plainly(candidate);
    const distance = distanceBetween(plain, other);
    const begins = beginningOf(plain, other);
    if (distance > least || (distance === least && begins <= alike)) continue;
    [best, least, alike] = [candidate, distance, begins];
  }
  return best;
}

/** How many characters two words have in common before they part. */
function beginningOf(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length++;
  return length;
}

const plainly = (word: string): string => word.toLowerCase().replaceAll('_', '-');

function tolerance(length: number): number {
  if (length <= 4) return 1;
  return length <= 7 ? 2 : 3;
}

function distanceBetween(a: string, b: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let least = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + cost);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) least = Math.min(least, at(beforeLast, j - 2) + 1);
      row.push(least);
    }
    beforeLast = last;
    last = row;
  }
  return at(last, b.length);
}

const at = (row: readonly number[], index: number): number => row[index] ?? Number.POSITIVE_INFINITY;
