import type { Verdict } from '../verify/vocabulary.ts';
import type { RunningLab } from '../world/running-lab.ts';
import type { ExamQuestion } from './exam-case.ts';
import type { ExamCase } from './load-cases.ts';
import { type Manners, mannersOf } from './manners.ts';
import { type Mapping, verdictIn } from './mapping.ts';
import { type Mark, markOf } from './mark.ts';
import type { RawAnswer, Validator } from './validator.ts';

/** What came of one question. */
export interface ExamAnswer {
  readonly exam: ExamCase;
  readonly question: ExamQuestion;
  readonly mark: Mark;
  /** Absent where nothing was said, or nothing that could be understood. */
  readonly verdict?: Verdict;
  /** What was said, or why nothing was; shortened. Comes from the validator: escape it before showing. */
  readonly said: string;
  /** Real ms. */
  readonly took: number;
  readonly manners: Manners;
}

export interface ExamOptions {
  readonly mappings: readonly Mapping[];
  /** Real ms after which an answer is not waited for any more. */
  readonly timeLimit: number;
  /** Cases at the same time. */
  readonly parallel: number;
  readonly stopwatch: () => number;
  /** Calls after so many real ms. Returns how to call it off. */
  readonly alarm: (ms: number, ring: () => void) => () => void;
  readonly answered?: (answer: ExamAnswer) => void;
}

/** Puts all questions to a validator; `labOf` gives the world of a case, `left` is told when its questions are over. */
export async function runExam(
  cases: readonly ExamCase[],
  validator: Validator,
  labOf: (exam: ExamCase) => Promise<{ readonly lab: RunningLab; readonly left: () => Promise<void> }>,
  options: ExamOptions,
): Promise<readonly ExamAnswer[]> {
  const answers = new Map<ExamCase, readonly ExamAnswer[]>();
  const queue = [...cases];
  const work = async (): Promise<void> => {
    for (let exam = queue.shift(); exam; exam = queue.shift()) {
      const own: ExamAnswer[] = [];
      for (const question of exam.ask) {
        const { lab, left } = await labOf(exam);
        lab.reset();
        const answer = await put(exam, question, { validator, lab, options });
        await left();
        options.answered?.(answer);
        own.push(answer);
      }
      answers.set(exam, own);
    }
  };
  await Promise.all(Array.from({ length: Math.min(options.parallel, cases.length) }, work));
  return cases.flatMap((exam) => answers.get(exam) ?? []);
}

async function put(
  exam: ExamCase,
  question: ExamQuestion,
  {
    validator,
    lab,
    options,
  }: { readonly validator: Validator; readonly lab: RunningLab; readonly options: ExamOptions },
): Promise<ExamAnswer> {
  await validator.ready?.().catch(() => {}); // then it says why when it is asked
  const began = options.stopwatch();
  const raw = await withinLimit(validator, question.address, lab, options);
  const took = options.stopwatch() - began;
  const manners = mannersOf(lab.dialogues);
  return { exam, question, ...judged(raw, question, options.mappings), took, manners };
}

async function withinLimit(
  validator: Validator,
  address: string,
  lab: RunningLab,
  { timeLimit, alarm }: ExamOptions,
): Promise<RawAnswer> {
  const late = new AbortController();
  let callOff = (): void => {};
  const hung = new Promise<RawAnswer>((resolve) => {
    callOff = alarm(timeLimit, () => {
      resolve({ kind: 'hung' });
      late.abort();
    });
  });
  try {
    return await Promise.race([validator.ask(address, lab, late.signal), hung]);
  } finally {
    callOff();
  }
}

const mostSaid = 300;

function judged(
  raw: RawAnswer,
  question: ExamQuestion,
  mappings: readonly Mapping[],
): Pick<ExamAnswer, 'mark' | 'verdict' | 'said'> {
  if (raw.kind === 'hung') return { mark: 'hung', said: 'no answer within the time limit' };
  if (raw.kind === 'crashed') return { mark: 'crashed', said: raw.why.slice(0, mostSaid) };
  const said = raw.text.trim().slice(0, mostSaid);
  for (const mapping of mappings) {
    const verdict = verdictIn(raw, mapping);
    if (verdict !== undefined) return { mark: markOf(verdict, question), verdict, said };
  }
  return { mark: 'crashed', said: `not understood: ${said || 'nothing was said'}` };
}
