import type { Verdict } from '../verify/vocabulary.ts';
import type { ExamQuestion } from './exam-case.ts';

/** How good an answer is. */
export const marks = ['right', 'harmless', 'wrong', 'dangerous', 'hung', 'crashed'] as const;

export type Mark = (typeof marks)[number];

/**
 * Judges a verdict by what is true: `harmless` is unknown where more could be known; `dangerous` gives up a live mailbox or trusts a dead
 * one; everything else that is not right is `wrong`.
 */
export function markOf(verdict: Verdict, { verdict: right, mailbox }: ExamQuestion): Mark {
  if (right.includes(verdict)) return 'right';
  if (verdict === 'unknown') return 'harmless';
  if (verdict === 'undeliverable' && mailbox === 'live') return 'dangerous';
  if (verdict === 'deliverable' && mailbox === 'dead') return 'dangerous';
  return 'wrong';
}
