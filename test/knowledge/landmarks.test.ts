import { describe, expect, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { landmarksOf } from '../../src/knowledge/landmarks.ts';
import { candidatesIn, indexOf } from '../../src/knowledge/phrase-index.ts';
import { wordingOf } from '../../src/knowledge/wording.ts';
import { replyFromLines } from '../../src/smtp/reply.ts';
import { filled, referenceReplies } from './reference.ts';
import { unseenReplies } from './unseen-replies.ts';

const { rules } = await loadKnowledge();
const sources = rules.flatMap(({ match }) => [match.text ?? [], match.link ?? []].flat());

describe('the words that a match has to hold', () => {
  test.each([
    ['mailbox full', [['mailbox full']]],
    ['user|inbox', [['user', 'inbox']]],
    ['gr[ae]y[- ]?list', [['graylist', 'gray-list', 'gray list', 'greylist', 'grey-list', 'grey list']]],
    ['(?:is|was) full', [['is full', 'was full']]],
    ['quota.{0,20}exceeded', [['exceeded'], ['quota']]],
    ['\\bSPF\\b', [['spf']]],
    ['(?:no )?such', [['such', 'no such']]],
    ['mail(?: \\d{1,3}){1,2} (?:lost|gone)', [[' lost', ' gone'], ['mail']]],
    ['用户', [['用户']]],
    ['rejected\\.', [['rejected.']]],
  ] as const)('%s', (source, expected) => {
    expect(landmarksOf(source)).toEqual(expected);
  });

  test.each(['\\d{3}', 'a|user', '[0-9]{2} [a-z]{4}', '(?:user)?', '(?:long word){0,2}', 'x(?=lookahead)'])(
    'nothing can be said of %s',
    (source) => {
      expect(landmarksOf(source)).toEqual([]);
    },
  );
});

test('no pattern of a rule matches a text that the index holds it not for', async () => {
  const index = indexOf(sources);
  const expressions = sources.map((source) => new RegExp(source, 'i'));
  const replies = [
    ...(await referenceReplies()).map(({ lines }) => filled(lines)),
    ...unseenReplies.map(([, , ...lines]) => lines),
    ...rules.flatMap(({ examples }) =>
      examples.map((example) => [typeof example === 'string' ? example : example.reply].flat()),
    ),
  ];
  expect(replies.length).toBeGreaterThan(1_300);
  const missed: string[] = [];
  for (const lines of replies) {
    for (const cased of [lines, lines.map((line) => line.toUpperCase())]) {
      const { text } = wordingOf(replyFromLines(cased));
      const candidates = candidatesIn(index, text);
      for (const [number, expression] of expressions.entries())
        if (!candidates(number) && expression.test(text)) missed.push(`${expression}: ${text}`);
    }
  }
  expect(missed).toEqual([]);
});

test('few patterns are tried', () => {
  expect(indexOf(sources).sets.filter((bits) => bits === 0).length).toBeLessThan(sources.length / 20);
});
