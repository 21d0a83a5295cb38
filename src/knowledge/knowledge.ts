import type { Reply } from '../smtp/reply.ts';
import type { Ending } from '../transcript/ending.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { ClientErrorExplanation } from './client-errors.ts';
import { compiledShelf } from './compiled-shelf.ts';
import { type EndingExplanation, explainEnding, knownEndings } from './endings.ts';
import { EnhancedCodeBook } from './enhanced-codes.ts';
import { explain } from './explain.ts';
import type { Explanation } from './explanation.ts';
import { type Books, type Context, judge } from './judge.ts';
import { ProviderBook } from './providers.ts';
import { remembering } from './remembering.ts';
import { type Rule, Rulebook } from './rulebook.ts';
import type { ClientErrorBook } from './schema/client-errors.ts';
import type { EndingBook } from './schema/endings.ts';
import type { EnhancedCode } from './schema/enhanced-codes.ts';
import type { ReasonBook, ReasonData } from './schema/reasons.ts';
import type { ReplyCode } from './schema/reply-codes.ts';
import type { Shelf } from './shelf.ts';
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
  /** The registry with the readings of particular providers. */
  readonly enhancedBook: EnhancedCodeBook;
  readonly reasons: Readonly<Record<Reason, ReasonData>>;
}

/** The folder that ships with the package; `src` and `dist` lie equally deep below its root. */
const ours = new URL('../../fixtures/knowledge/', import.meta.url);
/** What a build made of it; beside sources there is none. */
export const compiled = new URL('../knowledge/compiled/', import.meta.url);

const loaded = new Map<string, Promise<Knowledge>>();

/**
 * Reads a folder of knowledge, each folder once; ours as the build compiled it, where we run from there. A mistake in
 * it is a defect of the package.
 * @throws Error naming every mistake with file, line and column
 */
export function loadKnowledge(folder: URL = ours): Promise<Knowledge> {
  const known = loaded.get(folder.href) ?? shelfFor(folder).then(readKnowledge);
  loaded.set(folder.href, known);
  return known;
}

async function shelfFor(folder: URL): Promise<Shelf> {
  const built = folder.href === ours.href ? compiledShelf(compiled) : undefined;
  return built ?? (await import('./yaml-shelf.ts')).yamlShelf(folder);
}

async function readKnowledge(shelf: Shelf): Promise<Knowledge> {
  const rules = await shelf.read('rules');
  const codes = await shelf.read('reply-codes');
  const books: Books = {
    rulebook: new Rulebook(rules.files, rules.index),
    enhancedCodes: new EnhancedCodeBook(await shelf.read('enhanced-codes')),
    codes: new Map(codes.codes.map((code) => [code.code, code])),
    providers: new ProviderBook(await shelf.read('providers')),
  };
  const { reasons } = await shelf.read('reasons');
  return knowing(books, reasons, await shelf.read('endings'), () => shelf.read('client-errors'));
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
    explain: remembering((reply, context = {}) => explain(judge(books, reply, context), reasons)),
    reasonOf: (reply, context = {}) => judge(books, reply, context).reason,
    explainEnding: (ending, transcript, earlier) => explainEnding(endings, ending, transcript, earlier),
    explainClientError: async (text) => {
      index ??= readIndex();
      const { explainClientError } = await import('./client-errors.ts');
      return explainClientError(await index, known, text);
    },
    rules: books.rulebook.rules,
    codes: books.codes,
    enhancedCodes: books.enhancedCodes.codes,
    enhancedBook: books.enhancedCodes,
    reasons,
  };
}
