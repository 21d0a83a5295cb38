import type { ExamAnswer } from '../../exam/run-exam.ts';
import type { ScoreCard } from '../../exam/score-card.ts';
import { escapeControls } from '../../text/escape.ts';
import { type Element, renderXml, xmlText } from '../xml.ts';

const isFailure = ({ mark }: ExamAnswer): boolean => mark === 'wrong' || mark === 'dangerous';
const isError = ({ mark }: ExamAnswer): boolean => mark === 'hung' || mark === 'crashed';

/** The score card as JUnit: a suite for each group of cases. Wrong and dangerous answers fail, hung and crashed ones are errors. */
export function examJUnit({ answers }: ScoreCard): string {
  const groups = grouped(answers);
  const suites = [...groups].map(
    ([group, own]): Element => ({
      '@name': group,
      '@tests': own.length,
      '@failures': own.filter(isFailure).length,
      '@errors': own.filter(isError).length,
      testcase: own.map(caseOf),
    }),
  );
  return renderXml({ testsuites: { '@tests': answers.length, testsuite: suites } });
}

const groupOf = ({ exam }: ExamAnswer): string => `exam.${exam.name.split('/')[0]}`;

function grouped(answers: readonly ExamAnswer[]): Map<string, ExamAnswer[]> {
  const groups = new Map<string, ExamAnswer[]>();
  for (const answer of answers) groups.set(groupOf(answer), [...(groups.get(groupOf(answer)) ?? []), answer]);
  return groups;
}

function caseOf(answer: ExamAnswer): Element {
  const { exam, question, mark, said, verdict, took } = answer;
  const message = xmlText(
    `${mark}: said ${verdict ?? 'nothing'}, ${question.verdict.join(' or ')} is right. ${escapeControls(said)}`,
  );
  return {
    '@classname': groupOf(answer),
    '@name': xmlText(`${exam.exam}: ${escapeControls(question.address)}`),
    '@time': (took / 1_000).toFixed(3),
    ...(isFailure(answer) ? { failure: { '@message': message, '@type': mark } } : {}),
    ...(isError(answer) ? { error: { '@message': message, '@type': mark } } : {}),
    ...(mark === 'harmless' ? { 'system-out': message } : {}),
  };
}
