import type { Path } from '../datafile/positions.ts';
import type { Check } from './check.ts';

/** Judges by each alternative in turn: the first that holds counts. Where none does and there are several, they fail as one. */
export function judgeAlternatives<E>(
  alternatives: readonly E[],
  judge: (expected: E, path: Path) => Check[],
  { describe, found }: { readonly describe: (expected: E) => string; readonly found: string },
): Check[] {
  const judged = alternatives.map((expected, i) => judge(expected, alternatives.length > 1 ? [i] : []));
  const held = judged.find((checks) => checks.every((check) => check.passed));
  if (held) return held;
  if (judged.length === 1) return judged[0] ?? [];
  return [{ passed: false, path: [], expected: alternatives.map(describe).join(', or '), found }];
}
