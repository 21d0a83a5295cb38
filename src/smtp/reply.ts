import { type EnhancedStatusCode, enhancedStatusOf, withoutEnhancedStatus } from './enhanced-status.ts';

/** What a server said to one command: the digits, the status and the words, kept apart and never corrected. */
export interface Reply {
  /** As sent: 550 stays 550 even where the words say "try later". */
  readonly code: number;
  /** Of the last line; absent when the server sent none, never derived from the code. */
  readonly enhanced?: EnhancedStatusCode;
  /** One entry per line on the wire, without code, separator, enhanced status and line end. RFC 5321 4.2.1 */
  readonly lines: readonly string[];
  /** The lines as they stood on the wire, without line ends; bytes as Latin-1 characters. */
  readonly raw: readonly string[];
  /** Where the reply departs from the grammar without becoming unreadable, such as `bare LF`. */
  readonly oddities?: readonly string[];
}

/** 2 success, 3 go on, 4 transient, 5 permanent. RFC 5321 4.2.1 */
export type ReplyClass = 2 | 3 | 4 | 5;

export function classOf(reply: Pick<Reply, 'code'>): ReplyClass {
  return Math.floor(reply.code / 100) as ReplyClass;
}

export function isPositive(reply: Pick<Reply, 'code'>): boolean {
  return reply.code < 400;
}

/** Builds a reply from wire lines such as `550-5.1.1 No such user`. Throws a TypeError on anything else. */
export function replyFromLines(raw: readonly string[], oddities: readonly string[] = []): Reply {
  if (raw.length === 0 || !raw.every((line) => /^[2-5]\d\d(?:[ -]|$)/.test(line))) {
    throw new TypeError(`not a reply: ${JSON.stringify(raw)}`);
  }
  return replyOf(raw, oddities);
}

/** The same for lines that are known to be those of a reply. */
export function replyOf(raw: readonly string[], oddities: readonly string[]): Reply {
  const texts = raw.map((line) => line.slice(4));
  const last = texts.at(-1) ?? '';
  const enhanced = enhancedStatusOf(last);
  const code = Number(raw.at(-1)?.slice(0, 3));
  const lines =
    enhanced === undefined && texts.length === 1 ? texts : texts.map((text) => withoutEnhancedStatus(text));
  if (oddities.length > 0)
    return { code, ...(enhanced === undefined ? {} : { enhanced }), lines, raw, oddities };
  return enhanced === undefined ? { code, lines, raw } : { code, enhanced, lines, raw };
}

/** The words of a reply as one line, the way logs and people quote it. */
export function replyText(reply: Reply): string {
  return reply.lines
    .map((line) => line.trim())
    .join(' ')
    .trim();
}

/** `550 5.1.1`, or `550` where there is no enhanced status. */
export function replyCodes(reply: Reply): string {
  return reply.enhanced === undefined ? `${reply.code}` : `${reply.code} ${reply.enhanced}`;
}
