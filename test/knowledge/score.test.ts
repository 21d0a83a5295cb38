import { expect, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { replyFromLines } from '../../src/smtp/reply.ts';
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
