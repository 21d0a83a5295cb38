import type { EnhancedStatusCode } from '../smtp/enhanced-status.ts';
import { classOf, type Reply } from '../smtp/reply.ts';
import type { Stage } from '../smtp/stage.ts';
import type { EnhancedCodeBook, EnhancedReading } from './enhanced-codes.ts';
import type { Question } from './matcher.ts';
import type { ProviderBook, RecognisedProvider } from './providers.ts';
import { meaningAt } from './reply-codes.ts';
import type { Rule, Rulebook } from './rulebook.ts';
import type { Meaning, ReplyCode } from './schema/reply-codes.ts';
import type { Reason } from './vocabulary.ts';
import { wordingOf } from './wording.ts';

/** What an asker knows beyond the reply itself. */
export interface Context {
  readonly stage?: Stage;
  /** A profile's or provider's name, or the name of the MX host. */
  readonly provider?: string;
}

/** Everything that was looked up. */
export interface Books {
  readonly rulebook: Rulebook;
  readonly enhancedCodes: EnhancedCodeBook;
  readonly codes: ReadonlyMap<number, ReplyCode>;
  readonly providers: ProviderBook;
}

/** What was found out about one reply, and which of the sources had the last word. */
export interface Judgement {
  readonly question: Question;
  readonly provider?: RecognisedProvider;
  readonly entry?: ReplyCode;
  /** What the number says, the number's own entry or that of x00. RFC 5321 4.3.2 */
  readonly basic: Meaning;
  readonly enhanced?: EnhancedReading;
  readonly won:
    | { readonly by: 'rule'; readonly rule: Rule; readonly because: string }
    | { readonly by: 'enhanced-code'; readonly reading: EnhancedReading }
    | { readonly by: 'basic-code' };
  readonly reason: Reason;
  readonly confidence: number;
}

/** A code alone that makes us less sure than this is no ground for a reason. */
const sureEnough = 0.45;

export function judge(books: Books, reply: Reply, context: Context): Judgement {
  const wording = wordingOf(reply);
  const provider = books.providers.recognise(context.provider, wording);
  const enhancedCode = reply.enhanced ?? wording.hidden;
  const names = [provider?.name, context.provider?.toLowerCase()].filter((name) => name !== undefined);
  const question: Question = {
    reply,
    ...(context.stage === undefined ? {} : { stage: context.stage }),
    providers: names,
    wording,
    candidates: books.rulebook.candidates(wording),
    ...(enhancedCode === undefined ? {} : { enhanced: enhancedCode }),
  };
  const entry = books.codes.get(reply.code);
  const basic = basicMeaning(books, reply, context.stage);
  const enhanced = readEnhanced(books, enhancedCode, names);
  const verdict = decide(question, books.rulebook, basic, enhanced);
  return {
    question,
    ...(provider === undefined ? {} : { provider }),
    ...(entry === undefined ? {} : { entry }),
    basic,
    ...(enhanced === undefined ? {} : { enhanced }),
    ...verdict,
  };
}

/** The words go before the codes, unless they are vaguer than those. */
function decide(
  question: Question,
  rulebook: Rulebook,
  basic: Meaning,
  enhanced: EnhancedReading | undefined,
): Pick<Judgement, 'won' | 'reason' | 'confidence'> {
  const reading = enhanced !== undefined && saysMore(enhanced, basic) ? enhanced : undefined;
  const code = reading ?? basic;
  const positive = classOf(question.reply) < 4;
  const found = rulebook.find(question, (rule) => positive || surer(rule, code));
  if (found !== undefined) {
    const confidence =
      found.rule.reason === code.reason
        ? Math.max(found.rule.confidence, code.confidence)
        : found.rule.confidence;
    return { won: { by: 'rule', ...found }, reason: found.rule.reason, confidence };
  }
  if (positive) return { won: { by: 'basic-code' }, reason: 'accept', confidence: basic.confidence };
  return {
    won: reading === undefined ? { by: 'basic-code' } : { by: 'enhanced-code', reading },
    ...guess(code),
  };
}

/** Where words and code agree, the words tell more. */
function surer(rule: Rule, code: Meaning): boolean {
  return rule.confidence >= code.confidence || rule.reason === code.reason;
}

/** Numbers that mean one thing only, such as 503 and 556, are surer than this; the others an enhanced code makes clearer. */
const unambiguous = 0.6;
/** Codes such as 5.0.0, which only repeat the class, are less sure than this. */
const meaningful = 0.25;

function saysMore(enhanced: EnhancedReading, basic: Meaning): boolean {
  if (enhanced.confidence >= basic.confidence) return true;
  return enhanced.confidence >= meaningful && basic.confidence < unambiguous;
}

function guess({ reason, confidence }: Meaning): { reason: Reason; confidence: number } {
  return confidence < sureEnough ? { reason: 'other', confidence } : { reason, confidence };
}

function readEnhanced(
  books: Books,
  code: EnhancedStatusCode | undefined,
  providers: readonly string[],
): EnhancedReading | undefined {
  return code === undefined ? undefined : books.enhancedCodes.read(code, providers);
}

/** An unknown number is handled as the first of its kind. RFC 5321 4.2, 4.3.2 */
const firstOfKind: Readonly<Record<number, number>> = { 2: 250, 3: 354, 4: 450, 5: 550 };
const unknownTrust = 0.3;

function basicMeaning(books: Books, reply: Reply, stage: Stage | undefined): Meaning {
  const entry = books.codes.get(reply.code);
  if (entry !== undefined) return meaningAt(entry, stage);
  const stand = books.codes.get(firstOfKind[classOf(reply)] ?? 550);
  if (stand === undefined)
    throw new Error(`the book of reply codes lacks the basic ones, such as ${firstOfKind[5]}`);
  const meaning = meaningAt(stand, stage);
  return { ...meaning, confidence: Math.min(meaning.confidence, unknownTrust) };
}
