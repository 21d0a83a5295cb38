import { type Reply, replyOf } from '../smtp/reply.ts';
import { replyLimits } from '../smtp/reply-parser.ts';
import type { QuotedReply } from './finding.ts';

/** 101 and 111: no server says them, and lists of SMTP codes have them all the same. */
const numberOfClients = /^1\d\d(?: .{0,200})?$/;
const wireLine = /^[2-5]\d\d(?:[ -]|$)/;
/** What people and programs put in front of a line of the server. */
const prefix =
  /^\s{0,20}(?:(?:S|SERVER(?: -> CLIENT)?|<-|<~|<~\*|<\*\*|\*\*|<<<|<|remote|response|reply)(?::|\s)\s{0,4})(?=['"]?[2-5]\d\d[ -])/i;
/** A number, and what is put between it and the words by those who do not write a blank: `550: no`, `550;no`. */
const loose = /^([2-5]\d\d)[\s:;,.=_]{1,3}(?=\S)/;
const status = /^([245])\.(?:0|[1-9]\d{0,2})\.(?:0|[1-9]\d{0,2})(?=[\s:;,)\]]|$)/;
/** Numbers that stand in no book, so that only status and words count. */
const standIn: Readonly<Record<string, string>> = { 2: '299', 4: '499', 5: '599' };
/** Words without a number that say of themselves that they will pass. */
const passing =
  /\btemporar|\btry (?:again )?later|\bdeferred|\bgr[ea]y-?list|\btransient|\btoo (?:fast|many)/i;

/**
 * Reads what somebody quotes as one reply: lines of the wire with or without marks in front, a number or an enhanced status
 * alone, a reply within a sentence, or words only. `undefined` for nothing at all. Text is Latin-1; what lies beyond 64 KiB
 * is not looked at.
 */
export function quoteReply(text: string): QuotedReply | undefined {
  const lines = linesOf(text.slice(0, replyLimits.bytes));
  const first = lines[0];
  if (first === undefined) return undefined;
  if (wireLine.test(first) || loose.test(first)) return quoteWire(lines);
  if (lines.length === 1 && numberOfClients.test(first)) return quoted([first], 'code');
  const code = /^(?:smtp|error|code|status|reply|response|#|\s)*[\s:;=#]{0,3}([2-5]\d\d)\.?$/i.exec(
    first,
  )?.[1];
  if (lines.length === 1 && code !== undefined) return quoted([code], 'code');
  const within = replyWithin(lines.join('\n'));
  if (within !== undefined) return quoteWire(linesOf(within));
  return status.test(first) ? quoteStatus(lines) : quoteWords(lines);
}

/** Whether the text is one reply and nothing else, as people type it: `550`, `5.7.1`, one line, or several with one number. */
export function isPlainReply(text: string): boolean {
  if (text.length > replyLimits.bytes) return false;
  const lines = linesOf(text);
  const [first = ''] = lines;
  if (lines.length === 1 && (status.test(first) || wireLine.test(first) || numberOfClients.test(first)))
    return true;
  return (
    lines.length > 0 &&
    lines.every(
      (line, i) =>
        line.startsWith(first.slice(0, 3)) &&
        wireLine.test(line) &&
        (line[3] === '-') === i < lines.length - 1,
    )
  );
}

/** Lines that are known to be those of a reply, such as `550-5.1.1 No`. */
export function quoteWire(lines: readonly string[]): QuotedReply {
  const wire: string[] = [];
  for (const line of lines.slice(0, replyLimits.lines).flatMap(splitJoined)) {
    const last = wire.length - 1;
    // Words that a mail program or a terminal has wrapped belong to the line before.
    if (wireLine.test(line) || loose.test(line) || last < 0) wire.push(line);
    else wire[last] = `${wire[last]} ${line.trim()}`;
  }
  const raw = wire.map((line) => line.replace(loose, (_all, code: string) => `${code} `));
  return quoted(raw, raw.length === 1 && raw[0]?.length === 3 ? 'code' : 'reply');
}

/** A status such as 5.1.1, and perhaps words behind it; without a number. */
export function quoteStatus(lines: readonly string[]): QuotedReply {
  const digit = lines[0]?.[0] ?? '5';
  return {
    reply: standingIn(standIn[digit] ?? '599', lines.join(' ')),
    given: 'status',
    text: lines.join('\n'),
  };
}

export function quoteWords(lines: readonly string[], digit?: '2' | '4' | '5'): QuotedReply {
  const words = lines.join(' ');
  const code = standIn[digit ?? (passing.test(words) ? '4' : '5')] ?? '599';
  return { reply: standingIn(code, words), given: 'words', text: lines.join('\n') };
}

function standingIn(code: string, words: string): Reply {
  return replyOf([`${code} ${words}`], []);
}

function quoted(raw: readonly string[], given: QuotedReply['given']): QuotedReply {
  return { reply: replyOf(raw, []), given, text: raw.join('\n') };
}

function linesOf(text: string): string[] {
  const lines: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const bare = line.replace(prefix, '').trim();
    if (bare !== '' && lines.length < replyLimits.lines) lines.push(unquoted(bare));
  }
  return lines;
}

function unquoted(text: string): string {
  const quote = /^(?:b?(['"])|<(?=[2-5]\d\d[ -])|\()/.exec(text);
  if (quote === null) return text;
  const end = quote[1] ?? (quote[0] === '<' ? '>' : ')');
  return text.endsWith(end) ? text.slice(quote[0].length, -1).trim() : text;
}

/** Logs write the lines of a reply behind each other: `550-5.1.1 No such 550 5.1.1 user`. */
function splitJoined(line: string): string[] {
  const code = /^([2-5]\d\d)-/.exec(line)?.[1];
  if (code === undefined || !line.includes(` ${code}`, 4)) return [line];
  const parts = line.split(new RegExp(` {1,4}(?=${code}[ -])`));
  const end = parts.findIndex((part) => part[3] === ' ');
  if (end < 0) return [line];
  return [...parts.slice(0, end), parts.slice(end).join(' ')];
}

const withStatus = /(?:^|[^\d.])([2-5]\d\d[ -]{1,2}#?[245]\.\d{1,3}\.\d{1,3}\b[\s\S]*)/;
const announced =
  /(?:said|says|returned|respon[a-z]{1,9}|repl(?:y|ied)|error|msg|status|refused|rejected|failed|bounced|diagnostic(?:-code)?|message|smtp|server|code)\W{1,6}(?:smtp; ?)?([2-5]\d\d(?:[ -]{1,3}|: ?)[^\s\d][\s\S]*)/i;

/** The reply that a sentence quotes, if it quotes one. */
export function replyWithin(text: string): string | undefined {
  const found = withStatus.exec(text)?.[1] ?? announced.exec(text)?.[1];
  return found
    ?.replace(/['"]?\s*\)?\s*(?:\(in reply to [A-Z ]{1,30}(?: command)?\))?["'>)}\s]*$/i, '')
    .replace(/^(\d{3}[ -])#/, '$1');
}
