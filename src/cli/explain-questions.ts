import type { Finding } from '../evidence/finding.ts';
import { type Question, readQuestion } from '../evidence/jsonl.ts';
import { type AnswerRecord, recordOf, recordOfError } from '../report/explain/answer-json.ts';
import type { Asker, Told } from '../report/explain/asker.ts';
import type { Teller } from '../report/explain/teller.ts';
import { jsonLine } from '../report/json-text.ts';
import { escapeControls } from '../text/escape.ts';
import type { Surroundings } from './surroundings.ts';

export interface QuestionDesk {
  readonly asker: Asker;
  readonly teller: Teller;
  readonly asJson: boolean;
}

/** Mistakes that are told one by one. */
const mostMistakes = 10;

/** Answers JSON Lines in order, one line for each; a line that asks nothing gets its answer too, and is told of. */
export async function answerQuestions(
  batches: AsyncIterable<readonly string[]>,
  { asker, teller, asJson }: QuestionDesk,
  surroundings: Surroundings,
): Promise<void> {
  const mistakes = new Mistakes(surroundings);
  let number = 0;
  for await (const lines of batches) {
    let text = '';
    for (const line of lines) {
      number++;
      const question = readQuestion(line);
      mistakes.note(question, number);
      if (asJson) text += `${jsonLine(answered(question, asker, number))}\n`;
      else if (!('error' in question)) teller.tell(asker.ask(findingOf(question, number), toldIn(question)));
    }
    if (text !== '') surroundings.write(text);
    await surroundings.drained();
  }
  if (!asJson) teller.end({ lines: number, formats: [], unread: mistakes.count, samples: [] });
  mistakes.end();
}

function answered(
  question: Question | { readonly error: string },
  asker: Asker,
  number: number,
): AnswerRecord {
  if ('error' in question) return recordOfError(question.error);
  const { given: reply, stageGiven: stage, provider } = question;
  return recordOf(asker.ask(findingOf(question, number), toldIn(question)), {
    reply,
    ...(stage === undefined ? {} : { stage }),
    ...(provider === undefined ? {} : { provider }),
  });
}

function findingOf({ quoted, stage }: Question, line: number): Finding {
  return { kind: 'reply', quoted, format: 'jsonl', line, ...(stage === undefined ? {} : { stage }) };
}

function toldIn({ provider }: Question): Told {
  return provider === undefined ? {} : { provider };
}

/** Tells the first mistakes at once, and at the end how many there were. */
class Mistakes {
  readonly #surroundings: Surroundings;
  count = 0;

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  note(question: Question | { readonly error: string }, line: number): void {
    const why = 'error' in question ? question.error : question.warning;
    if (why === undefined) return;
    if (++this.count <= mostMistakes)
      this.#surroundings.complain(`mxlab: line ${line}: ${escapeControls(why)}.`);
  }

  end(): void {
    if (this.count > mostMistakes)
      this.#surroundings.complain(
        `mxlab: ${this.count} lines in all had mistakes; the first ${mostMistakes} are named.`,
      );
  }
}
