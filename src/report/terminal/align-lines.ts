type Pair = readonly [left: string | undefined, right: string | undefined];

/** Longer lists are paired line by line instead. */
const mostLines = 200;

/**
 * Pairs the lines of two texts so that equal ones stand side by side (longest common subsequence); a line without a
 * partner stands beside another such line or alone.
 */
export function alignLines(left: readonly string[], right: readonly string[]): Pair[] {
  if (left.length > mostLines || right.length > mostLines) return zip(left, right);
  const common = commonLengths(left, right);
  const pairs: Pair[] = [];
  let [i, j] = [0, 0];
  let [loneLeft, loneRight]: [string[], string[]] = [[], []];
  while (i < left.length || j < right.length) {
    if (i < left.length && j < right.length && left[i] === right[j]) {
      pairs.push(...zip(loneLeft, loneRight), [left[i++], right[j++]]);
      [loneLeft, loneRight] = [[], []];
    } else if (j >= right.length || (i < left.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      loneLeft.push(left[i++] ?? '');
    } else {
      loneRight.push(right[j++] ?? '');
    }
  }
  return [...pairs, ...zip(loneLeft, loneRight)];
}

function zip(left: readonly string[], right: readonly string[]): Pair[] {
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => [left[i], right[i]] as const);
}

/** Lengths of the longest common subsequences of what is left from line `i` and line `j` on. */
function commonLengths(left: readonly string[], right: readonly string[]): number[][] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  for (let i = left.length - 1; i >= 0; i--) {
    const row = lengths[i] ?? [];
    for (let j = right.length - 1; j >= 0; j--) {
      row[j] =
        left[i] === right[j]
          ? at(lengths, i + 1, j + 1) + 1
          : Math.max(at(lengths, i + 1, j), at(lengths, i, j + 1));
    }
  }
  return lengths;
}

function at(lengths: readonly (readonly number[])[], i: number, j: number): number {
  return lengths[i]?.[j] ?? 0;
}
