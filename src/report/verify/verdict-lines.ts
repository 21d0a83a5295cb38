import type { Verified } from '../../scenario/verified.ts';
import { formatDuration } from '../../time/duration.ts';
import type { Verification } from '../../verify/verification.ts';
import { confidenceWord } from '../../verify/verification.ts';
import { controlLines, postmasterLine } from './card.ts';
import { subReasonWords } from './words.ts';

/** The verdict, why, and how surely: `deliverable · ok · 0.98 (high)`, with the dot that is given. */
export function verdictTitle(
  { verdict, subReason, confidence }: Pick<Verification, 'verdict' | 'subReason' | 'confidence'>,
  dot: string,
): string {
  const surely = (Math.floor(confidence * 100) / 100).toFixed(2); // 0.9996 is not certain
  return [verdict, subReason, ...(confidence > 0 ? [`${surely} (${confidenceWord(confidence)})`] : [])].join(
    ` ${dot} `,
  );
}

/** What stands below the verdict of a step whose dialogues were shown: a sentence each. They quote the other side. */
export function verdictLines({ verification, again }: Verified): readonly string[] {
  const { subReason, verdict, exists, notes, evidence } = verification;
  const words = subReasonWords[subReason];
  return [
    `${words[0]?.toUpperCase()}${words.slice(1)}.`,
    ...controlLines(evidence),
    ...postmasterLine(evidence),
    ...(verdict !== 'deliverable' && exists === 'yes' ? ['The mailbox exists.'] : []),
    ...(evidence.tries > 1 ? [`Asked ${evidence.tries} times in ${formatDuration(evidence.elapsed)}.`] : []),
    ...(again === undefined ? [] : [`It may be worth asking again in ${formatDuration(again)}.`]),
    ...notes,
  ];
}
