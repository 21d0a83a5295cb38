import { addManners, type Manners, noManners } from './manners.ts';
import { type Mark, marks } from './mark.ts';
import type { ExamAnswer } from './run-exam.ts';

/** The result of an exam. */
export interface ScoreCard {
  readonly validator: string;
  readonly answers: readonly ExamAnswer[];
  readonly counts: Readonly<Record<Mark, number>>;
  readonly manners: Manners;
  /** Real ms, of all questions together. */
  readonly took: number;
}

export function scoreCard(validator: string, answers: readonly ExamAnswer[]): ScoreCard {
  const counts = Object.fromEntries(
    marks.map((mark) => [mark, answers.filter((answer) => answer.mark === mark).length]),
  ) as Record<Mark, number>;
  return {
    validator,
    answers,
    counts,
    manners: answers.map(({ manners }) => manners).reduce(addManners, noManners),
    took: answers.reduce((sum, { took }) => sum + took, 0),
  };
}

/** How often each question was answered how, to compare a later exam with. */
export interface Baseline {
  readonly validator: string;
  /** Case and address to mark. */
  readonly marks: Readonly<Record<string, Mark>>;
}

const keyOf = ({ exam, question }: ExamAnswer): string => `${exam.name} ${question.address}`;

export function baselineOf({ validator, answers }: ScoreCard): Baseline {
  return { validator, marks: Object.fromEntries(answers.map((answer) => [keyOf(answer), answer.mark])) };
}

/** A question that is answered otherwise than before. */
export interface Change {
  readonly question: string;
  readonly before: Mark | undefined;
  readonly now: Mark | undefined;
}

export function changesSince(baseline: Baseline, card: ScoreCard): readonly Change[] {
  const now = baselineOf(card).marks;
  const all = [...new Set([...Object.keys(baseline.marks), ...Object.keys(now)])];
  return all
    .filter((question) => baseline.marks[question] !== now[question])
    .map((question) => ({ question, before: baseline.marks[question], now: now[question] }));
}
