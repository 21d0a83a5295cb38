import type { EnhancedStatusCode } from '../smtp/enhanced-status.ts';
import { classOf, type Reply } from '../smtp/reply.ts';
import type { Stage } from '../smtp/stage.ts';
import { Phrase } from './phrase.ts';
import type { Candidates } from './phrase-index.ts';
import type { MatchData } from './schema/rule.ts';
import type { Wording } from './wording.ts';

/** Everything that a rule may look at. */
export interface Question {
  readonly reply: Reply;
  readonly stage?: Stage;
  /** The provider's family and the name it was given under. */
  readonly providers: readonly string[];
  readonly wording: Wording;
  /** The reply's own code, or the one hidden in its words. */
  readonly enhanced?: EnhancedStatusCode;
  /** Which phrases may be in the words. */
  readonly candidates: Candidates;
}

/** Tells what in the reply matched, in a few words, or nothing when it does not match. */
export type Matcher = (question: Question) => string | undefined;

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

/** The phrases of a rule that the index of its book has to know, in order. */
export function phrasesOf({ text, link }: MatchData): readonly string[] {
  return [...list<string>(text), ...list<string>(link)];
}

/** `firstNumber` is that of the first of its phrases. */
export function matcherOf(match: MatchData, providers: readonly string[], firstNumber: number): Matcher {
  const circumstances = circumstancesOf(match, providers);
  const phrases = phrasesOf(match).map((source, n) => new Phrase(source, firstNumber + n));
  const text = phrases.slice(0, list(match.text).length);
  const link = phrases.slice(text.length);
  const unless = list<string>(match.unless).map((source) => new Phrase(source));
  return (question) => {
    if (!circumstances.every((holds) => holds(question))) return undefined;
    const { wording, candidates } = question;
    const words = firstOf(text, wording.text, candidates) ?? firstOf(link, wording.places, candidates);
    if (words === undefined && phrases.length > 0) return undefined;
    if (unless.some((phrase) => phrase.find(wording.text) !== undefined)) return undefined;
    return because(match, question, words);
  };
}

/** All that a rule asks for besides the words. What it does not ask for is not tested. */
function circumstancesOf(
  match: MatchData,
  providers: readonly string[],
): ((question: Question) => boolean)[] {
  const classes = list<number>(match.class);
  const codes = list<number>(match.code);
  const stages = list<Stage>(match.stage);
  const enhanced = list(match.enhanced).map(codeTest);
  const tests: [asked: number, holds: (question: Question) => boolean][] = [
    [classes.length, ({ reply }) => classes.includes(classOf(reply))],
    [codes.length, ({ reply }) => codes.includes(reply.code)],
    [stages.length, ({ stage }) => stage !== undefined && stages.includes(stage)],
    [providers.length, (question) => providers.some((name) => question.providers.includes(name))],
    [enhanced.length, ({ enhanced: code }) => code !== undefined && enhanced.some((test) => test(code))],
  ];
  return tests.filter(([asked]) => asked > 0).map(([, holds]) => holds);
}

function firstOf(phrases: readonly Phrase[], text: string, candidates: Candidates): string | undefined {
  for (const phrase of phrases) {
    const found = candidates(phrase.number) ? phrase.find(text) : undefined;
    if (found !== undefined) return found.trim();
  }
  return undefined;
}

function because(match: MatchData, question: Question, words: string | undefined): string {
  const parts = [
    match.code === undefined ? '' : `code ${question.reply.code}`,
    match.enhanced === undefined ? '' : `status ${question.enhanced}`,
    words === undefined ? '' : `the words "${words}"`,
  ];
  return parts.filter((part) => part !== '').join(', ') || `class ${classOf(question.reply)}`;
}

/** Compiles `5.1.1`, `X.7.1`, `5.7.606-649` or `5.7.*`. */
export function codeTest(pattern: string): (code: string) => boolean {
  const [kind, subject, detail = ''] = pattern.split('.');
  const [least, most] = detail.split('-').map(Number);
  return (code) => {
    const [codeKind, codeSubject, codeDetail] = code.split('.');
    if (kind !== 'X' && kind !== codeKind) return false;
    if (subject !== codeSubject) return false;
    if (detail === '*') return true;
    const number = Number(codeDetail);
    return number >= (least ?? 0) && number <= (most ?? least ?? 0);
  };
}
