import type { VerifierData } from './schema/rule.ts';
import type { Conclusion } from './vocabulary.ts';

/** The conclusion for one first digit. */
export function conclusionFor(verifier: VerifierData, digit: number): Conclusion {
  if (typeof verifier === 'string') return verifier;
  return verifier[digit as 2 | 4 | 5] ?? 'unknown';
}
