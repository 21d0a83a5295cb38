import type { Reply } from '../smtp/reply.ts';
import type { Ending } from '../transcript/ending.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { type ClientErrorBook, type ClientErrorExplanation, explainClientError } from './client-errors.ts';
import { type EndingBook, type EndingExplanation, explainEnding, knownEndings } from './endings.ts';
import type { EnhancedCode } from './enhanced-codes.ts';
import { explain } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { type Books, type Context, judge } from './judge.ts';
import type { ReasonBook, ReasonData } from './reasons.ts';
import type { ReplyCode } from './reply-codes.ts';
import type { Rule } from './rulebook.ts';
import { readBooks, readClientErrors } from './shelf.ts';
import type { Reason } from './vocabulary.ts';

/** What replies mean, and how connections end. Asks nothing of the outside once it is loaded, but for the index of clients' errors. */
export interface Knowledge {
  explain(reply: Reply, context?: Context): Explanation;
  /** The reason alone, for checks. */
  reasonOf(reply: Reply, context?: Context): Reason;
  /** From the ending, its session, and `earlier` sessions, oldest first. */
  explainEnding(ending: Ending, transcript?: Transcript, earlier?: readonly Transcript[]): EndingExplanation;
  /** What a mail client printed, taken back to the endings behind it; nothing where no client is known to print that. */
  explainClientError(text: string): Promise<ClientErrorExplanation | undefined>;
  /** All rules in the order in which they are tried. */
  readonly rules: readonly Rule[];
  /** Basic codes by number. */
  readonly codes: ReadonlyMap<number, ReplyCode>;
  /** The registry, by `X.1.1`. */
  readonly enhancedCodes: ReadonlyMap<string, EnhancedCode>;
  readonly reasons: Readonly<Record<Reason, ReasonData>>;
}

/** The folder that ships with the package; `src` and `dist` lie equally deep below its root. */
const ours = new URL('../../fixtures/knowledge/', import.meta.url);

const loaded = new Map<string, Promise<Knowledge>>();

/**
 * Reads a folder of knowledge, each folder once. A mistake in it is a defect of the package.
 * @throws Error naming every mistake with file, line and column
 */
export function loadKnowledge(folder: URL = ours): Promise<Knowledge> {
  const known =
    loaded.get(folder.href) ??
    readBooks(folder).then(({ books, reasons, endings }) =>
      knowing(books, reasons, endings, () => readClientErrors(folder)),
    );
  loaded.set(folder.href, known);
  return known;
}

function knowing(
  books: Books,
  reasons: ReasonBook,
  endings: EndingBook,
  readIndex: () => Promise<ClientErrorBook>,
): Knowledge {
  let index: Promise<ClientErrorBook> | undefined;
  const known = knownEndings(endings);
  return {
    explain: (reply, context = {}) => explain(judge(books, reply, context), reasons),
    reasonOf: (reply, context = {}) => judge(books, reply, context).reason,
    explainEnding: (ending, transcript, earlier) => explainEnding(endings, ending, transcript, earlier),
    explainClientError: async (text) => {
      index ??= readIndex();
      return explainClientError(await index, known, text);
    },
    rules: books.rulebook.rules,
    codes: books.codes,
    enhancedCodes: books.enhancedCodes.codes,
    reasons,
  };
}
