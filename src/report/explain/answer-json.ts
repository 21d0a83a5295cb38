import { textOf } from '../json-text.ts';
import type { Answer } from './answer.ts';

/** One answer as programs read it; `null` is what is not known. */
export interface AnswerRecord {
  /** As it was given, lines parted by LF. */
  readonly reply: string | null;
  readonly code: number | null;
  readonly enhanced: string | null;
  readonly stage: string | null;
  readonly provider: string | null;
  readonly reason: string;
  readonly about: string;
  readonly retry: string;
  readonly verifier: string;
  /** 0 to 1. */
  readonly confidence: number;
  /** File and name of the rule; `enhanced-code` or `basic-code` where a code alone decided. */
  readonly rule: string | null;
  readonly because: string;
  /** Why a line of JSON Lines could not be read. */
  readonly error?: string;
}

/** What the asker gave, to be given back as it was. */
export interface Given {
  readonly reply?: string;
  readonly stage?: string;
  readonly provider?: string;
}

/** Surely no reply, so the ending's own name tells most. */
const endingTrust = 0.7;

export function recordOf(answer: Answer, given: Given = {}): AnswerRecord {
  switch (answer.kind) {
    case 'reply':
      return ofReply(answer, given);
    case 'ending':
      return ofEnding(answer);
    case 'complaint':
      return ofComplaint(answer);
    default:
      return answer satisfies never;
  }
}

/** The answer to a line that asks nothing. */
export function recordOfError(error: string): AnswerRecord {
  return { ...empty, because: 'the line could not be read', error };
}

const empty: AnswerRecord = {
  reply: null,
  code: null,
  enhanced: null,
  stage: null,
  provider: null,
  reason: 'other',
  about: 'unclear',
  retry: 'not-needed',
  verifier: 'unknown',
  confidence: 0,
  rule: null,
  because: '',
};

function ofReply(
  { finding: { quoted }, stage, explanation }: Extract<Answer, { kind: 'reply' }>,
  given: Given,
): AnswerRecord {
  const { reason, about, retry, verifier, confidence, rule, because, provider } = explanation;
  const numbered = quoted.given === 'reply' || quoted.given === 'code';
  return {
    reply: given.reply ?? textOf(quoted.text),
    code: numbered ? quoted.reply.code : null,
    enhanced: quoted.reply.enhanced ?? null,
    stage: given.stage ?? stage ?? null,
    provider: given.provider ?? provider?.name ?? null,
    reason,
    about,
    retry,
    verifier,
    confidence: Math.round(confidence * 100) / 100,
    rule: rule === 'basic-code' && !numbered ? null : rule,
    because: textOf(because),
  };
}

function ofComplaint({ finding, meaning }: Extract<Answer, { kind: 'complaint' }>): AnswerRecord {
  if (meaning === undefined) return { ...empty, because: textOf(finding.text) };
  const { client, stage = null, printed } = meaning;
  const rule = `client-errors.yaml#${client}`;
  return {
    ...empty,
    stage,
    about: 'session',
    retry: 'minutes',
    confidence: endingTrust,
    rule,
    because: textOf(printed),
  };
}

function ofEnding({ finding, explanation, provider }: Extract<Answer, { kind: 'ending' }>): AnswerRecord {
  return {
    ...empty,
    stage: finding.ending.stage,
    provider: provider?.name ?? null,
    reason: finding.ending.kind === 'timed-out' ? 'timeout' : 'other',
    about: 'session',
    retry: 'minutes',
    verifier: explanation.verifier,
    confidence: endingTrust,
    rule: `endings.yaml#${explanation.id}`,
    because: explanation.summary,
  };
}
