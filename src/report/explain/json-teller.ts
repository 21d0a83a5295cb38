import { jsonLine } from '../json-text.ts';
import type { Answer } from './answer.ts';
import { recordOf } from './answer-json.ts';
import type { Teller } from './teller.ts';

/** One JSON object for each answer, at once. */
export class JsonTeller implements Teller {
  readonly #write: (text: string) => void;
  #told = false;

  constructor(write: (text: string) => void) {
    this.#write = write;
  }

  tell(answer: Answer): void {
    if (answer.kind === 'reply' && !answer.understood) return;
    this.#told = true;
    this.#write(`${jsonLine(recordOf(answer))}\n`);
  }

  end(): boolean {
    return this.#told;
  }
}
