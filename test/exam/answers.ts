import { noManners } from '../../src/exam/manners.ts';
import type { Mark } from '../../src/exam/mark.ts';
import type { ExamAnswer } from '../../src/exam/run-exam.ts';
import type { Verdict } from '../../src/verify/vocabulary.ts';

/** An answer as an exam would hold it, of a case without a world. */
export function answer({
  name,
  address,
  mark,
  verdict,
  said = '',
  took = 10,
}: {
  readonly name: string;
  readonly address: string;
  readonly mark: Mark;
  readonly verdict?: Verdict;
  readonly said?: string;
  readonly took?: number;
}): ExamAnswer {
  const question = { address, mailbox: 'live', verdict: ['deliverable'] } satisfies ExamAnswer['question'];
  const exam = {
    name,
    exam: `About ${name}`,
    source: 'a test',
    hosts: {},
    domains: {},
    seed: '1',
    ask: [question],
  };
  const manners = { ...noManners, connections: 1, recipients: 1 };
  return { exam, question, mark, said, took, manners, ...(verdict === undefined ? {} : { verdict }) };
}
