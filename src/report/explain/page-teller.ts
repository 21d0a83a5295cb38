import type { Understanding } from '../../evidence/understanding.ts';
import { textOf } from '../json-text.ts';
import { type ColourLevel, createPalette } from '../palette.ts';
import { cutTo, wrap } from '../width.ts';
import type { Answer } from './answer.ts';
import { LogTally } from './log-tally.ts';
import { renderAgain, renderAnswer, renderBriefly } from './page.ts';
import { harmless, type PageOptions } from './paragraphs.ts';
import { renderSummary, thousands, whereIs } from './summary.ts';
import type { Teller } from './teller.ts';

export interface TellerOptions {
  readonly write: (text: string) => void;
  readonly columns: number;
  readonly colour: ColourLevel;
  readonly unicode: boolean;
}

/** Evidence of which each line is an event of its own: told as a summary even where it is short. */
const logs = new Set([
  'postfix',
  'exim',
  'sendmail',
  'exchange',
  'exchange-protocol',
  'records',
  'jsonl',
  'mention',
]);
/** Of a dialogue more answers than these are summed up, too. */
const mostAnswers = 60;
const mostTroubles = 10;

/** Explains few answers in full, and sums up many. Holds at most 60. */
export class PageTeller implements Teller {
  readonly #write: (text: string) => void;
  readonly #options: PageOptions;
  readonly #tally = new LogTally();
  readonly #explained = new Set<string>();
  #answers: Answer[] = [];
  #count = 0;

  constructor({ write, columns, colour, unicode }: TellerOptions) {
    this.#write = write;
    this.#options = { palette: createPalette({ colour, unicode }), columns };
  }

  tell(answer: Answer): void {
    if (answer.kind === 'reply' && !answer.understood) return;
    this.#count++;
    this.#tally.add(answer);
    if (this.#count <= mostAnswers) this.#answers.push(answer);
    else this.#answers = [];
  }

  end(understanding: Understanding): boolean {
    if (this.#count === 0) return false;
    const lines = this.#inFull() ? this.#pages() : renderSummary(this.#tally, this.#options);
    const head = this.#head(understanding);
    const blocks = [...(head.length === 0 ? [] : [...head, '']), ...lines, ...this.#unread(understanding)];
    this.#write(`${blocks.join('\n')}\n`);
    return true;
  }

  #inFull(): boolean {
    if (this.#answers.length === 0) return false;
    if (this.#answers.filter((answer) => !isGood(answer)).length > mostTroubles) return false;
    return this.#count === 1 || !this.#answers.every(({ finding }) => logs.has(finding.format));
  }

  #pages(): string[] {
    const [only] = this.#answers;
    if (this.#count === 1 && only !== undefined) return renderAnswer(only, this.#options);
    const blocks = this.#answers.map((answer) => ({ good: isGood(answer), lines: this.#block(answer) }));
    return blocks.flatMap(({ good, lines }, i) =>
      i > 0 && !(good && blocks[i - 1]?.good) ? ['', ...lines] : lines,
    );
  }

  /** What was explained before is only named again. */
  #block(answer: Answer): string[] {
    if (answer.kind !== 'reply') return renderAnswer(answer, this.#options);
    if (isGood(answer)) return renderBriefly(answer, this.#options);
    const { rule, says, about } = answer.explanation;
    const known = `${rule} ${about} ${answer.stage} ${says}`;
    const again = this.#explained.has(known);
    this.#explained.add(known);
    return again ? renderAgain(answer, this.#options) : renderAnswer(answer, this.#options);
  }

  /** `a Postfix log, 1,000,000 lines: 812,000 replies, 1,200 lost connections` */
  #head({ formats, lines }: Understanding): string[] {
    if (lines <= 1 || formats.length === 0) return [];
    const titles = formats.slice(0, 3).map(({ title }) => title);
    const counts = [
      `${thousands(lines)} lines`,
      counted(this.#tally.replies, 'reply', 'replies'),
      counted(this.#tally.endings, 'connection lost or never made', 'connections lost or never made'),
    ];
    const { palette, columns } = this.#options;
    return wrap(`${titles.join(', ')}: ${counts.filter((part) => part !== '').join(', ')}`, columns).map(
      palette.dim,
    );
  }

  #unread({ unread, samples }: Understanding): string[] {
    if (unread === 0 || this.#answers[0]?.finding.format === 'words') return [];
    const { palette, columns } = this.#options;
    const { dim } = palette;
    return [
      '',
      dim(`${counted(unread, 'line was', 'lines were')} not understood:`),
      ...samples.map(({ file, line, text }) =>
        dim(cutTo(`  ${whereIs({ file, line })}: ${harmless(textOf(text))}`, columns, palette.marks.more)),
      ),
    ];
  }
}

function isGood(answer: Answer): boolean {
  return answer.kind === 'reply' && answer.explanation.reason === 'accept';
}

function counted(count: number, one: string, many: string): string {
  return count === 0 ? '' : `${thousands(count)} ${count === 1 ? one : many}`;
}
