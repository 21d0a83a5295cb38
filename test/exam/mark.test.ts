import { expect, test } from 'vitest';
import type { ExamQuestion } from '../../src/exam/exam-case.ts';
import { type Mark, markOf } from '../../src/exam/mark.ts';
import { type Verdict, verdicts } from '../../src/verify/vocabulary.ts';

type Row = readonly [right: Verdict, mailbox: ExamQuestion['mailbox'], marks: readonly Mark[]];

/** Marks in the order of the vocabulary: deliverable, undeliverable, accept-all, unknown. */
const rows: readonly Row[] = [
  ['deliverable', 'live', ['right', 'dangerous', 'wrong', 'harmless']],
  ['undeliverable', 'dead', ['dangerous', 'right', 'wrong', 'harmless']],
  ['accept-all', 'live', ['wrong', 'dangerous', 'right', 'harmless']],
  ['accept-all', 'dead', ['dangerous', 'wrong', 'right', 'harmless']],
  ['unknown', 'live', ['wrong', 'dangerous', 'wrong', 'right']],
  ['unknown', 'dead', ['dangerous', 'wrong', 'wrong', 'right']],
];

test.each(rows)('where %s is right and the mailbox is %s', (verdict, mailbox, marks) => {
  const question: ExamQuestion = { address: 'alice@example.net', mailbox, verdict: [verdict] };
  expect(verdicts.map((said) => markOf(said, question))).toEqual(marks);
});

test('any of several right verdicts is right', () => {
  const question: ExamQuestion = {
    address: 'alice@example.net',
    mailbox: 'live',
    verdict: ['unknown', 'undeliverable'],
  };
  expect(markOf('undeliverable', question)).toBe('right');
  expect(markOf('unknown', question)).toBe('right');
  expect(markOf('accept-all', question)).toBe('wrong');
});
