import { classOf, type Reply } from '../smtp/reply.ts';
import { type Stage, stageFacts } from '../smtp/stage.ts';
import { belongsAt } from './reply-codes.ts';
import type { ReplyCode } from './schema/reply-codes.ts';
import type { Wording } from './wording.ts';

/** What was found out about a reply before it is held against the standards. */
export interface Findings {
  readonly reply: Reply;
  readonly stage?: Stage;
  readonly wording: Wording;
  /** The number's entry, where it is in the book. */
  readonly entry?: ReplyCode;
  /** How a rule says that a status code is used against its meaning. */
  readonly misuse?: string;
  /** The registry's title of the enhanced code, where what it stands for is not what the words say. */
  readonly otherwise?: string;
  /** Whether it is known that a later try can succeed. */
  readonly passing: boolean;
}

const saysNever =
  /\b(?:will (?:not|never) (?:succeed|help|work|be accepted)|permanent(?:ly)?|do not (?:retry|try)|never (?:be )?(?:retr|accept))/i;
const saysLater = /\blater\b|\btemporar|\btransient/i;

/** Where the parts of a reply do not fit each other or the standards, one sentence each. */
export function contradictionsOf(findings: Findings): string[] {
  return [...insideReply(findings), ...againstStandards(findings)].filter(
    (sentence) => sentence !== undefined,
  );
}

function* insideReply({
  reply,
  wording,
  misuse,
  otherwise,
  passing,
}: Findings): Generator<string | undefined> {
  const digit = classOf(reply);
  const { enhanced } = reply;
  if (enhanced !== undefined && digit !== 3 && Number(enhanced[0]) !== digit) {
    // RFC 2034 4
    yield `The code ${reply.code} and the status ${enhanced} disagree about whether this passes; the code counts.`;
  }
  const codes = new Set(reply.raw.map((line) => line.slice(0, 3)));
  if (codes.size > 1)
    yield `The lines of this reply begin with different codes (${[...codes].join(', ')}); the last one counts.`;
  yield misuse;
  if (misuse === undefined && otherwise !== undefined) yield otherwise;
  if (digit === 4 && saysNever.test(wording.text)) {
    yield `The first digit says that it will pass; the words say that trying again will not help. Believe the words.`;
  }
  if (digit === 5 && passing) yield `The first digit says that it is final; in truth it passes.`;
  else if (digit === 5 && saysLater.test(wording.text)) {
    yield `The first digit says that it is final; the words speak of trying later.`;
  }
}

function* againstStandards({ reply, stage, wording, entry }: Findings): Generator<string | undefined> {
  const { code, enhanced } = reply;
  const second = Math.floor(code / 10) % 10;
  if (second > 5)
    yield `SMTP has no codes with ${second} in the middle (RFC 5321 4.2). ${dotless(code)}`; // REP-01
  else if (entry === undefined)
    yield `No standard knows ${code}; its first digit is all there is to go by (RFC 5321 4.3.2).`;
  else if (!belongsAt(entry, stage)) yield outOfPlace(entry, stage); // REP-13
  if (
    enhanced !== undefined &&
    (classOf(reply) === 3 || stage === 'greeting' || stage === 'ehlo') &&
    code < 400
  ) {
    yield `A status such as ${enhanced} does not belong into ${classOf(reply) === 3 ? 'a 3yz reply' : `the reply to ${stageFacts[stage ?? 'ehlo'].said}`} (RFC 2034 4).`;
  }
  if (enhanced === undefined && wording.hidden !== undefined) {
    yield `The status ${wording.hidden} stands inside the words, where software does not look for it (RFC 2034 3).`;
  }
}

function dotless(code: number): string {
  const subject = Math.floor(code / 10) % 10;
  if (subject > 7) return 'Go by the first digit.'; // RFC 3463 3 ends at subject 7
  return `It is most likely ${[...String(code)].join('.')} without its dots.`;
}

function outOfPlace(entry: ReplyCode, stage: Stage | undefined): string {
  const where = stage === undefined ? '' : ` to ${stageFacts[stage].said}`;
  if (entry.stages.length > 0) return `RFC 5321 4.3.2 does not know ${entry.code} as an answer${where}.`;
  const dots = entry.dotless === undefined ? '' : ` It is most likely ${entry.dotless} without its dots.`;
  return `${entry.code} is in no standard.${dots}`;
}
