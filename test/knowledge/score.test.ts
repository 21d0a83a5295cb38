import { expect, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { replyFromLines } from '../../src/smtp/reply.ts';
import { batches, fieldReplies } from './field-replies.ts';
import { filled, type ReferenceReply, referenceReplies } from './reference.ts';
import { unseenReplies } from './unseen-replies.ts';

/** The share of reference replies that must keep their reason. What was reached; it may rise and not fall. */
const floors = [
  { told: 'provider and stage', provider: true, stage: true, least: 0.995 },
  { told: 'the stage', provider: false, stage: true, least: 0.985 },
  { told: 'nothing', provider: false, stage: false, least: 0.98 },
] as const;

const knowledge = await loadKnowledge();
const replies = await referenceReplies();

test('the reference is whole', () => {
  expect(replies).toHaveLength(847);
});

test.each(floors)('reasons of the reference replies, told $told', ({ provider, stage, least, told }) => {
  const misses = replies.filter((reply) => reasonOf(reply, provider, stage) !== reply.reason);
  const share = 1 - misses.length / replies.length;
  console.info(`reference replies, told ${told}: ${(share * 100).toFixed(2)} % of ${replies.length}`);
  const listed = misses.map(
    (miss) => `${miss.provider} ${miss.stage} wants ${miss.reason}: ${miss.lines.join(' / ')}`,
  );
  expect(share, listed.join('\n')).toBeGreaterThanOrEqual(least);
});

function reasonOf(reply: ReferenceReply, provider: boolean, stage: boolean): string {
  return knowledge.reasonOf(replyFromLines(filled(reply.lines)), {
    ...(provider ? { provider: reply.provider } : {}),
    ...(stage && reply.stage !== undefined ? { stage: reply.stage } : {}),
  });
}

/** Right, or an honest "I do not know". */
const leastOfUnseen = 0.97;

test('replies that no rule was written for', () => {
  const wrong = unseenReplies
    .map(([reason, stage, ...lines]) => {
      const onWire = lines.map((line) => Buffer.from(line, 'utf8').toString('latin1'));
      return { reason, lines, told: knowledge.explain(replyFromLines(onWire), { stage }) };
    })
    .filter(
      ({ reason, told }) => told.reason !== reason && !(told.reason === 'other' && told.confidence < 0.5),
    );
  const share = 1 - wrong.length / unseenReplies.length;
  console.info(`unseen replies: ${(share * 100).toFixed(1)} % of ${unseenReplies.length}`);
  const listed = wrong.map(
    ({ reason, told, lines }) => `wants ${reason}, got ${told.reason} by ${told.rule}: ${lines.join(' / ')}`,
  );
  expect(share, listed.join('\n')).toBeGreaterThanOrEqual(leastOfUnseen);
});

/**
 * The share of each batch of the field that is right. At first sight, before rules were written for what it brought, it was
 * 79, 88, 79, 89, 90, 79, 89 and 77 %: that is the forecast for replies that nobody has collected. The seventh is a third of
 * what was collected for the sixth and so its near kin; the eighth is small and has the oddest of what was left.
 */
const leastOfField = 0.96;
/** Wrong and sure of it. The rest is an honest guess. */
const mostSurelyWrong = 0.015;

test.each(batches)('replies of the field, %s', async (batch) => {
  const replies = await fieldReplies(batch);
  const told = replies.map(({ reason, lines, ...context }) => ({
    reason,
    lines,
    told: knowledge.explain(replyFromLines(lines), context),
  }));
  const wrong = told.filter((each) => each.told.reason !== each.reason);
  const sure = wrong.filter((each) => each.told.confidence >= 0.9);
  const share = 1 - wrong.length / replies.length;
  console.info(`${batch}: ${(share * 100).toFixed(1)} % of ${replies.length}`);
  const listed = wrong.map(
    (each) =>
      `wants ${each.reason}, got ${each.told.reason} by ${each.told.rule}: ${Buffer.from(each.lines.join(' / '), 'latin1').toString('utf8')}`,
  );
  expect(share, listed.join('\n')).toBeGreaterThanOrEqual(leastOfField);
  expect(sure.length, listed.join('\n')).toBeLessThanOrEqual(1 + replies.length * mostSurelyWrong);
});
