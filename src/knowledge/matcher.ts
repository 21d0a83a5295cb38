import type { EnhancedStatusCode } from '../smtp/enhanced-status.ts';
import { classOf, type Reply } from '../smtp/reply.ts';
import type { Stage } from '../smtp/stage.ts';
import type { MatchData } from './rule.ts';
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
}

/** Tells what in the reply matched, in a few words, or nothing when it does not match. */
export type Matcher = (question: Question) => string | undefined;

const list = <T>(value: T | readonly T[] | undefined): readonly T[] =>
  value === undefined ? [] : Array.isArray(value) ? value : [value as T];

export function matcherOf(match: MatchData, providers: readonly string[]): Matcher {
  const classes = list<number>(match.class);
  const codes = list<number>(match.code);
  const enhanced = list(match.enhanced).map(codeTest);
  const stages = list<Stage>(match.stage);
  const text = list(match.text).map((source) => new RegExp(source, 'i'));
  const unless = list(match.unless).map((source) => new RegExp(source, 'i'));
  const link = list(match.link).map((source) => new RegExp(source, 'i'));
  return (question) => {
    const { reply, stage, wording } = question;
    if (classes.length > 0 && !classes.includes(classOf(reply))) return undefined;
    if (codes.length > 0 && !codes.includes(reply.code)) return undefined;
    if (stages.length > 0 && (stage === undefined || !stages.includes(stage))) return undefined;
    if (providers.length > 0 && !providers.some((name) => question.providers.includes(name))) return undefined;
    const code = question.enhanced;
    if (enhanced.length > 0 && (code === undefined || !enhanced.some((test) => test(code)))) return undefined;
    const words = firstOf(text, wording.text);
    if (text.length > 0 && words === undefined) return undefined;
    const links = firstOf(link, wording.links);
    if (link.length > 0 && links === undefined) return undefined;
    if (unless.some((test) => test.test(wording.text))) return undefined;
    return because(question, codes.length > 0, enhanced.length > 0, words ?? links);
  };
}

function firstOf(patterns: readonly RegExp[], text: string): string | undefined {
  for (const pattern of patterns) {
    const found = pattern.exec(text);
    if (found !== null) return found[0].trim();
  }
  return undefined;
}

function because(question: Question, byCode: boolean, byEnhanced: boolean, words: string | undefined): string {
  const parts = [
    byCode ? `code ${question.reply.code}` : '',
    byEnhanced && question.enhanced !== undefined ? question.enhanced : '',
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
