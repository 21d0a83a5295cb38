import type { Wording } from '../../../src/sim/wording.ts';

const hole = '\ue000';

/** A reply as a profile words it, one pattern for each line on the wire; placeholders stand for anything. */
export function patternsOf({ lines }: Wording): RegExp[] {
  return lines.map((line) => {
    const text = line.fixed ?? line.fill(() => hole);
    const fixed = text.split(hole).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
    return new RegExp(`^${fixed.join('.*')}$`);
  });
}

/** The lines that do not fit, each with what it should have been; empty when all is well. */
export function misfits(heard: readonly string[], patterns: readonly RegExp[]): string[] {
  const wrong = patterns.flatMap((pattern, i) =>
    pattern.test(heard[i] ?? '') ? [] : [`${heard[i]} is not ${pattern}`],
  );
  return heard.length === patterns.length
    ? wrong
    : [...wrong, `${heard.length} lines instead of ${patterns.length}`];
}
