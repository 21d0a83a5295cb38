import { replyLimits } from '../smtp/reply-parser.ts';
import { type Stage, stages } from '../smtp/stage.ts';
import type { QuotedReply } from './finding.ts';
import { latin1, longestLine } from './lines.ts';
import { quoteReply } from './quoted-reply.ts';
import { stageNamed } from './stage-names.ts';

/** One question of a JSON Lines file. `given` is the reply, word for word, as it stood there; at most 64 KiB. */
export interface Question {
  readonly given: string;
  readonly quoted: QuotedReply;
  readonly stage?: Stage;
  /** As it stood there, where it names a stage. */
  readonly stageGiven?: string;
  readonly provider?: string;
  /** What is wrong with a part of the question that can be done without. */
  readonly warning?: string;
}

const longestName = 255;

/** Reads `{"reply": ..., "stage"?: ..., "provider"?: ...}`; a line that is none tells why. Lines are Latin-1. */
export function readQuestion(line: string): Question | { readonly error: string } {
  const record = parse(line);
  if (typeof record === 'string') return { error: record };
  const { reply, stage, provider } = record;
  const given =
    Array.isArray(reply) && reply.every((part) => typeof part === 'string') ? reply.join('\n') : reply;
  if (typeof given !== 'string')
    return { error: given === undefined ? 'there is no "reply"' : '"reply" is no text' };
  const quoted = quoteReply(latin1(given));
  if (quoted === undefined) return { error: '"reply" is empty' };
  const named = typeof stage === 'string' ? stageNamed(stage) : undefined;
  const odd = typeof stage === 'string' && named === undefined && !/^(?:any|unknown|)$/i.test(stage);
  return {
    given: given.slice(0, replyLimits.bytes),
    quoted,
    ...(named === undefined ? {} : { stage: named, stageGiven: `${stage}` }),
    ...(typeof provider === 'string' && provider !== '' ? { provider: provider.slice(0, longestName) } : {}),
    ...(odd ? { warning: `"stage" is none of ${stages.join(', ')}` } : {}),
  };
}

/** Whether a line looks like a question, without reading all of it. */
export function isQuestion(line: string): boolean {
  return /^\s{0,20}\{.{0,600}?"reply" ?: ?["[]/.test(line) && 'given' in readQuestion(line);
}

function parse(line: string): Record<string, unknown> | string {
  try {
    const value: unknown = JSON.parse(Buffer.from(line, 'latin1').toString('utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      return 'the line is no JSON object';
    return value as Record<string, unknown>;
  } catch {
    return line.length >= longestLine ? 'the line is longer than 16 MiB' : 'the line is no JSON';
  }
}
