/** How many ways the repeats of one pattern may combine at one place of the text. */
const budget = 20_000;

const quantifier = /\{(\d+)(?:,(\d*))?\}/y;

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
  if (matchesNothing(source)) return 'matches the empty text, and so every reply';
  return repeatsOf(source);
}

function matchesNothing(source: string): boolean {
  return new RegExp(source, 'i').test('');
}

/** Walks the pattern once and weighs its repeats. */
function repeatsOf(source: string): string | undefined {
  const open: { repeated: boolean }[] = [];
  let closed = { repeated: false };
  let afterGroup = false;
  let ways = 1;
  for (let i = 0; i < source.length; i++) {
    const character = source[i];
    if (character === '\\') {
      i++;
      afterGroup = false;
    } else if (character === '[') {
      i = endOfClass(source, i);
      afterGroup = false;
    } else if (character === '(') {
      open.push({ repeated: false });
      if (source[i + 1] === '?') i += 2; // (?: and (?= and (?!
      afterGroup = false;
    } else if (character === ')') {
      closed = open.pop() ?? { repeated: false };
      for (const outer of open) outer.repeated ||= closed.repeated;
      afterGroup = true;
    } else if (character === '*' || character === '+') {
      return `repeats without end (${character}); give it a bound such as {0,40}`;
    } else if (character === '?' || character === '{') {
      const repeat = repeatAt(source, i);
      if (repeat === undefined) continue;
      if (repeat.most === undefined) return 'repeats without end; give it an upper bound';
      if (afterGroup && closed.repeated && repeat.most > 1) return 'repeats a group that repeats';
      if (repeat.most > 1) for (const outer of open) outer.repeated = true;
      ways *= repeat.most - repeat.least + 1;
      if (ways > budget) return 'has too many repeats that can combine; shorten their bounds';
      i = repeat.end;
      if (source[i + 1] === '?') i++; // lazy
      afterGroup = false;
    } else {
      afterGroup = false;
    }
  }
  return undefined;
}

function endOfClass(source: string, start: number): number {
  for (let i = start + 1; i < source.length; i++) {
    if (source[i] === '\\') i++;
    else if (source[i] === ']') return i;
  }
  return source.length;
}

function repeatAt(
  source: string,
  start: number,
): { least: number; most: number | undefined; end: number } | undefined {
  if (source[start] === '?') return { least: 0, most: 1, end: start };
  quantifier.lastIndex = start;
  const found = quantifier.exec(source);
  if (found === null) return undefined;
  const least = Number(found[1]);
  const most = found[2] === undefined ? least : found[2] === '' ? undefined : Number(found[2]);
  return { least, most, end: quantifier.lastIndex - 1 };
}
