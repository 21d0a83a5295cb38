import { classOf } from '../smtp/reply.ts';
import { contradictionsOf } from './contradictions.ts';
import type { EnhancedReading } from './enhanced-codes.ts';
import type { CodeMeaning, Explanation } from './explanation.ts';
import type { Judgement } from './judge.ts';
import { conclusionFor } from './reasons.ts';
import type { Rule } from './rulebook.ts';
import type { ReasonBook, ReasonData } from './schema/reasons.ts';
import type { Meaning } from './schema/reply-codes.ts';
import type { AdviceData, RetryData } from './schema/rule.ts';
import type { About, Conclusion, Retry } from './vocabulary.ts';

/** Puts a judgement into words. */
export function explain(judgement: Judgement, reasons: ReasonBook): Explanation {
  const known = reasons[judgement.reason];
  const parts =
    judgement.won.by === 'rule' ? fromRule(judgement.won.rule, known, judgement) : fromCode(judgement, known);
  return {
    reason: judgement.reason,
    ...parts,
    code: codeMeaning(judgement),
    enhanced: enhancedMeaning(judgement),
    confidence: judgement.confidence,
    ...winner(judgement),
    contradictions: contradictions(judgement, parts.retry),
    notes: notesOf(judgement),
    ...(judgement.provider === undefined ? {} : { provider: judgement.provider }),
  };
}

type Parts = Pick<
  Explanation,
  'about' | 'says' | 'causes' | 'advice' | 'adviceFor' | 'retry' | 'retryNote' | 'verifier'
>;

function fromRule(rule: Rule, known: ReasonData, { question }: Judgement): Parts {
  const digit = classOf(question.reply);
  return {
    about: rule.about ?? known.about,
    says: rule.says,
    causes: rule.causes ?? known.causes,
    ...adviceOf(rule.advice, known.advice),
    ...retryOf(rule.retry, known.retry, digit),
    verifier: conclusionFor(rule.verifier ?? known.verifier, digit),
  };
}

function fromCode({ won, basic, question }: Judgement, known: ReasonData): Parts {
  const meaning = won.by === 'enhanced-code' ? won.reading : basic;
  const digit = classOf(question.reply);
  return {
    about: aboutOf(meaning, basic),
    says: meaning.says,
    causes: known.causes,
    ...adviceOf(meaning.advice === '' ? undefined : meaning.advice, known.advice),
    ...retryOf(undefined, known.retry, digit),
    verifier: conclusionOf(meaning, digit),
  };
}

/** Where the better source leaves it open whom it means, the stage may tell. */
function aboutOf(meaning: Meaning, basic: Meaning): About {
  return meaning.about === 'unclear' ? basic.about : meaning.about;
}

function conclusionOf(meaning: Meaning, digit: number): Conclusion {
  return digit === 4 && meaning.verifier === 'undeliverable' ? 'retry' : meaning.verifier;
}

function adviceOf(own: AdviceData | undefined, usual: AdviceData): Pick<Explanation, 'advice' | 'adviceFor'> {
  const mine = typeof own === 'string' ? { sender: own } : (own ?? {});
  const theirs = typeof usual === 'string' ? { sender: usual } : usual;
  const admin = mine.admin ?? theirs.admin;
  const validator = mine.validator ?? theirs.validator;
  return {
    advice: mine.sender ?? theirs.sender ?? '',
    adviceFor: {
      ...(admin === undefined ? {} : { admin }),
      ...(validator === undefined ? {} : { validator }),
    },
  };
}

/** A 4yz may always be tried again unless a rule knows better. RFC 5321 4.2.1 */
function retryOf(
  own: RetryData | undefined,
  usual: RetryData,
  digit: number,
): { retry: Retry; retryNote?: string } {
  const chosen = own ?? usual;
  const { when, note } = typeof chosen === 'string' ? { when: chosen, note: undefined } : chosen;
  if (own === undefined && digit === 4 && when === 'never') {
    return { retry: 'hours', retryNote: 'The first digit says that it may pass; once or twice is enough.' };
  }
  return { retry: when, ...(note === undefined ? {} : { retryNote: note }) };
}

function codeMeaning({ entry, basic }: Judgement): CodeMeaning<number> | undefined {
  if (entry === undefined) return undefined;
  return { code: entry.code, title: entry.title, says: basic.says, source: entry.source };
}

function enhancedMeaning({ enhanced, question }: Judgement): CodeMeaning<string> | undefined {
  if (enhanced === undefined || question.enhanced === undefined) return undefined;
  return { code: question.enhanced, title: enhanced.title, says: enhanced.says, source: enhanced.source };
}

function winner({ won, question }: Judgement): { rule: string; because: string } {
  if (won.by === 'rule') return { rule: won.rule.place, because: won.because };
  if (won.by === 'enhanced-code') return { rule: won.by, because: `the status ${question.enhanced}` };
  const where = question.stage === undefined ? '' : ` at ${question.stage}`;
  return { rule: won.by, because: `the code ${question.reply.code}${where}` };
}

function contradictions(judgement: Judgement, retry: Retry): string[] {
  const { question, won, entry, enhanced } = judgement;
  const rule = won.by === 'rule' ? won.rule : undefined;
  const otherwise = enhanced === undefined ? undefined : otherwiseOf(judgement, enhanced);
  return contradictionsOf({
    reply: question.reply,
    ...(question.stage === undefined ? {} : { stage: question.stage }),
    wording: question.wording,
    ...(entry === undefined ? {} : { entry }),
    ...(rule?.misuse === undefined ? {} : { misuse: rule.misuse }),
    ...(otherwise === undefined ? {} : { otherwise }),
    passing: rule?.retry !== undefined && ['now', 'minutes', 'hours'].includes(retry),
  });
}

/** Codes that speak of one thing about an address or a mailbox; those for policy, where a mailbox is meant. RFC 3463 3.2, 3.3 */
const exactSubjects = /^[45]\.(?:1\.[1-9]|2\.[1-3])/;
const policy = /^5\.7\.[01]$/;

function otherwiseOf({ won, reason, question }: Judgement, enhanced: EnhancedReading): string | undefined {
  const code = question.enhanced;
  const { entry } = enhanced;
  if (won.by !== 'rule' || code === undefined || entry === undefined || reason === 'greylisted')
    return undefined;
  const registered = entry.class[code[0] as '4']?.reason ?? entry.reason;
  const clash = exactSubjects.test(code)
    ? registered !== reason
    : policy.test(code) && reason === 'user-unknown';
  if (!clash) return undefined;
  return `${code} stands for "${entry.title}"; the words say something else, and we follow the words.`;
}

function notesOf({ entry, enhanced, provider }: Judgement): string[] {
  const notes = [enhanced?.entry?.['often-wrong'], entry?.['often-wrong']];
  const here = enhanced?.entry?.elsewhere?.filter((note) => note.provider === provider?.name) ?? [];
  return [...here.map(({ says }) => says), ...notes.filter((note) => note !== undefined)];
}
