import { hours } from '../time/duration.ts';
import {
  acceptedShare,
  type ControlCount,
  catchAllProbability,
  existsProbability,
  type Priors,
  usualPriors,
} from './belief.ts';
import type { VerdictRule } from './rules.ts';
import type { Sight } from './sight.ts';
import type { Verification, VerifyEvidence } from './verification.ts';
import type { Existence, SubReason, Verdict } from './vocabulary.ts';

/** Below this a verdict is no verdict. */
const leastConfidence = 0.5;

const day = hours(24);

/** How long a verdict may be kept: people leave, mailboxes are emptied, blocks end when the prober changes something. */
const kept: Partial<Record<SubReason, number>> = {
  ok: 30 * day,
  forwarded: 30 * day,
  size: 30 * day,
  'catch-all': 7 * day,
  'no-such-user': 7 * day,
  'mailbox-disabled': 7 * day,
  moved: 7 * day,
  'recipient-restricted': 7 * day,
  'bad-syntax': 365 * day,
  'null-mx': day,
  'no-such-domain': day,
  'no-mx-no-address': day,
  'mailbox-full': day,
  greylisted: day,
  blocklisted: day,
  reputation: day,
};
const usuallyKept = hours(1);

const nobody: ControlCount = { accepted: 0, refused: 0 };

/** Puts a rule's words to what was seen. */
export function verificationOf({
  address,
  sight,
  rule,
  now,
  later,
  count = nobody,
  priors = usualPriors,
  evidence,
  notes,
}: {
  readonly address: string;
  readonly sight: Sight;
  readonly rule: VerdictRule;
  readonly now: number;
  /** When to ask again, in ms since 1970. */
  readonly later?: number;
  readonly count?: ControlCount;
  readonly priors?: Priors;
  readonly evidence: Omit<
    VerifyEvidence,
    'rule' | 'event' | 'ending' | 'stage' | 'reply' | 'reason' | 'says'
  >;
  readonly notes: readonly string[];
}): Verification {
  const subReason = rule['sub-reason'];
  const confidence = confidenceOf(rule, sight, count, priors);
  const verdict = confidence < leastConfidence ? 'unknown' : rule.verdict;
  const asked = count.accepted + count.refused > 0;
  const { event, ending, stage, reply, explanation } = sight;
  return {
    address,
    verdict,
    subReason,
    exists: rule.exists ?? existenceOf(verdict, subReason),
    confidence: verdict === 'unknown' ? 0 : confidence,
    ...(later === undefined ? {} : { retryableFrom: later }),
    expires: Math.min(now + (kept[subReason] ?? usuallyKept), later ?? Number.POSITIVE_INFINITY),
    ...(asked
      ? {
          catchAll: {
            probability: catchAllProbability(count, priors),
            controls: count,
            share: acceptedShare(count),
          },
        }
      : {}),
    evidence: {
      rule: rule.id,
      ...(event === undefined ? {} : { event }),
      ...(ending ? { ending } : {}),
      ...(stage === undefined ? {} : { stage }),
      ...(reply ? { reply } : {}),
      ...(explanation ? { reason: explanation.reason, says: explanation.says } : {}),
      ...evidence,
    },
    notes: [...notes],
  };
}

function confidenceOf(
  { confidence }: VerdictRule,
  { control }: Sight,
  count: ControlCount,
  priors: Priors,
): number {
  switch (confidence) {
    case undefined:
      return 0;
    case 'prior':
      return existsProbability(count, priors);
    case 'catch-all':
      return catchAllProbability(count, priors);
    default:
      return confidence[control === 'refused' ? 1 : 0];
  }
}

function existenceOf(verdict: Verdict, subReason: SubReason): Existence {
  if (verdict === 'deliverable') return 'yes';
  return verdict === 'undeliverable' && subReason !== 'relay-denied' ? 'no' : 'unknown';
}
