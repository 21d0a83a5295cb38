import { expect, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { replyFromLines } from '../../src/smtp/reply.ts';
import { batches, fieldReplies } from './field-replies.ts';

/** The share of replies of the field that get their reason. What was reached; it may rise and not fall. */
const least = 0.95;

const knowledge = await loadKnowledge();

test.each(batches)('%s: replies that are not in the reference get their reason', async (batch) => {
  const replies = await fieldReplies(batch);
  const misses = replies.filter(({ lines, reason, stage, provider }) => {
    const context = {
      ...(stage === undefined ? {} : { stage }),
      ...(provider === undefined ? {} : { provider }),
    };
    return knowledge.reasonOf(replyFromLines(lines), context) !== reason;
  });
  const share = 1 - misses.length / replies.length;
  console.info(`${batch}: ${(share * 100).toFixed(1)} % of ${replies.length}`);
  expect(
    share,
    misses.map(({ reason, lines }) => `${reason}: ${lines.join(' / ')}`).join('\n'),
  ).toBeGreaterThanOrEqual(least);
});
