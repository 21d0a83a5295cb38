import type { ScoreCard } from '../../exam/score-card.ts';
import { escapeControls } from '../../text/escape.ts';

/** The score card as one JSON document. Times are real ms. */
export function examJson(card: ScoreCard): string {
  const { validator, counts, manners, took, answers } = card;
  const rows = answers.map(({ exam, question, mark, verdict, said, took: ms, manners: own }) => ({
    case: exam.name,
    about: exam.exam,
    address: question.address,
    mailbox: question.mailbox,
    right: question.verdict,
    mark,
    verdict: verdict ?? null,
    said: escapeControls(said),
    ms: Math.round(ms),
    manners: own,
  }));
  const document = {
    format: 'mxlab-exam/1',
    validator,
    questions: answers.length,
    counts,
    manners,
    ms: Math.round(took),
    answers: rows,
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}
