import { hours } from '../../time/duration.ts';
import type { Verification } from '../verification.ts';

/** The result of an address about which nobody was asked, or nobody any more. */
export function notAsked(address: string, why: string, now: number, before?: Verification): Verification {
  if (before) return { ...before, notes: [...before.notes, `Not asked again: ${why}.`] };
  return {
    address,
    verdict: 'unknown',
    subReason: 'probe-blocked',
    exists: 'unknown',
    confidence: 0,
    retryableFrom: now + hours(24),
    expires: now,
    evidence: { rule: 'V999', controls: [], tries: 0, elapsed: 0, transcripts: [] },
    notes: [`Not asked: ${why}.`],
  };
}
