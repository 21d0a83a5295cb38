import { formats as catalogue } from './catalogue.ts';
import { missOf } from './endings.ts';
import { type Finding, type Format, type LineReader, type Loss, nothing } from './finding.ts';
import { quoteReply } from './quoted-reply.ts';
import { ReadingTally, type Understanding } from './understanding.ts';

interface Desk {
  readonly format: Format;
  readonly reader: LineReader;
}

/** Programs that print a reply once more in their error, behind the dialogue that had it. */
const repeating = new Set([
  'nodemailer-error',
  'smtplib-error',
  'delivery-status',
  'exchange',
  'exim-bounce',
  'sendmail-verbose',
  'mention',
]);
/** How many of the last replies such an error is held against, and for how many lines an ending explains a complaint. */
const memory = 30;
const near = 60;
/** Of a longer line the beginning is read. */
const longestLine = 64 * 1024;
/** Evidence up to this size, in lines and characters, may be words without any reply. */
const fewLines = 40;
const fewCharacters = 8_192;

/**
 * Hands each line to the format that knows it, the last one first. What one program says twice is told once; a dialogue that
 * another line says was cut off is ended there.
 */
export class LineDesk {
  readonly #desks: Desk[];
  readonly #tally = new ReadingTally();
  readonly #recent: { words: string; format: string }[] = [];
  #current: Desk | undefined;
  #number = 0;
  #found = false;
  #lastEnding = -near;
  /** The evidence itself, as long as it is short. */
  #text: string | undefined = '';

  constructor(formats: readonly Format[] = catalogue) {
    this.#desks = formats.map((format) => ({ format, reader: format.reader() }));
  }

  /** What of the lines so far could be read. */
  get understanding(): Understanding {
    return this.#tally.understanding;
  }

  take(whole: string): readonly Finding[] {
    const line = whole.length > longestLine ? whole.slice(0, longestLine) : whole;
    const number = ++this.#number;
    this.#remember(line);
    if (line.trim() === '') return this.#weigh(this.#current?.reader.take(line, number) ?? nothing);
    const current = this.#current;
    const found = current?.reader.take(line, number);
    if (current !== undefined && found !== undefined) return this.#read(current, found);
    for (const desk of this.#desks) {
      if (desk === current) continue;
      const other = desk.reader.take(line, number);
      if (other === undefined) continue;
      this.#current = desk;
      return this.#read(desk, other);
    }
    this.#tally.unread(number, line);
    return nothing;
  }

  end(): readonly Finding[] {
    const found = this.#weigh(this.#desks.flatMap(({ reader }) => reader.end(this.#number)));
    if (found.length > 0 || this.#found) return found;
    const quoted = this.#text === undefined ? undefined : quoteReply(this.#text);
    return quoted === undefined ? nothing : [{ kind: 'reply', quoted, format: 'words', line: 1 }];
  }

  #read({ format }: Desk, found: readonly Finding[]): readonly Finding[] {
    this.#tally.read(format.name, format.title);
    return found.length === 0 ? found : this.#weigh(found);
  }

  #weigh(found: readonly Finding[]): readonly Finding[] {
    if (found.length === 0) return found;
    const told = found.flatMap((finding) => this.#tell(finding));
    this.#found ||= told.length > 0;
    return told;
  }

  #tell(finding: Finding): readonly Finding[] {
    if (finding.kind === 'complaint') return this.#complain(finding);
    if (finding.kind === 'ending') {
      this.#lastEnding = finding.line;
      return [finding];
    }
    const { format } = finding;
    const words = fingerprint(finding.quoted.text);
    if (this.#recent.some((said) => said.words === words && repeats(format, said.format))) return nothing;
    this.#recent.push({ words, format });
    if (this.#recent.length > memory) this.#recent.shift();
    return [finding];
  }

  /** What a client complains of may be the end of the dialogue above it, which tells more. */
  #complain(complaint: Extract<Finding, { kind: 'complaint' }>): readonly Finding[] {
    const { text, line, format } = complaint;
    const told = this.#text === undefined ? complaint : { ...complaint, around: this.#text };
    const how = lossIn(text);
    if (how === undefined) return [told];
    const miss = /refused|no route|unreach/i.test(text) ? missOf(text) : undefined;
    if (miss !== undefined) return [{ kind: 'ending', ending: miss, format, line }];
    const endings = this.#desks.flatMap(({ reader }) => reader.lost?.(how, line) ?? nothing);
    if (endings.length > 0) return endings.flatMap((finding) => this.#tell(finding));
    return line - this.#lastEnding < near ? nothing : [told];
  }

  #remember(line: string): void {
    if (this.#text === undefined) return;
    const small = this.#number <= fewLines && this.#text.length + line.length < fewCharacters;
    this.#text = small ? `${this.#text}${line}\n` : undefined;
  }
}

/** Sendmail writes the last reply below its dialogue once more, without a mark. */
function repeats(format: string, before: string): boolean {
  return format === 'telnet'
    ? before === 'sendmail-verbose' || before === 'mention'
    : repeating.has(format) && before !== format;
}

function lossIn(text: string): Loss | undefined {
  if (/\bE(?:REFUSED|SERVFAIL)\b/.test(text)) return undefined; // the resolver's, about a name
  if (/refused|no route|unreach/i.test(text)) return 'closed';
  if (/reset|\b104\b|EPIPE|broken pipe/i.test(text)) return 'reset';
  if (/timed? ?out/i.test(text)) return 'timed-out';
  return /clos|disconnect|EOF|hung up|lost|socket|reading failed/i.test(text) ? 'closed' : undefined;
}

/** What is left of a reply when its numbers, marks and line breaks are taken out. */
function fingerprint(text: string): string {
  return text
    .slice(0, 400)
    .replace(/[^a-z]+/gi, '')
    .slice(0, 120);
}
