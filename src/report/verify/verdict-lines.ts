import type { Verified } from '../../scenario/verified.ts';
import { formatDuration } from '../../time/duration.ts';
import { controlLines, postmasterLine } from './card.ts';
import { whyOf } from './words.ts';

/** What stands below the verdict of a step whose dialogues were shown: a sentence each. They quote the other side. */
export function verdictLines({ verification, again }: Verified): readonly string[] {
  const { verdict, exists, notes, evidence } = verification;
  return [
    whyOf(verification),
    ...controlLines(evidence),
    ...postmasterLine(evidence),
    ...(verdict !== 'deliverable' && exists === 'yes' ? ['The mailbox exists.'] : []),
    ...(evidence.tries > 1 ? [`Asked ${evidence.tries} times in ${formatDuration(evidence.elapsed)}.`] : []),
    ...(again === undefined ? [] : [`It may be worth asking again in ${formatDuration(again)}.`]),
    ...notes,
  ];
}
