import { dotStuffed } from '../smtp/message-data.ts';
import type { Stage } from '../smtp/stage.ts';

/** One thing to send that replies are due for. */
export interface Command {
  readonly stage: Stage;
  /** The command without its line end; a name for what has none: `.` for a message. */
  readonly line: string;
  /** `line` with passwords blanked, where it has any. */
  readonly shown?: string;
  /** What travels behind the line (a chunk), or instead of it where `bare` says so. */
  readonly octets?: Buffer;
  /** No line travels: the octets are all. */
  readonly bare?: true;
  /** The octets have some above 127. */
  readonly eightBit?: true;
  /** Replies due, 1 unless said otherwise. */
  readonly replies?: number;
  /** Keywords that the latest EHLO reply must have. */
  readonly needs?: readonly string[];
  /** May stand only at the end of a group. RFC 2920 3.1 */
  readonly last?: true;
}

const verbLine = 512;
/** What text must not have to be one line of printable ASCII. */
const unprintable = /[^\x20-\x7e]/;

/** Throws a TypeError where text would not stay one line. Control characters have no place in any command. */
function assertOneLine(text: string, what: string): void {
  if (/[\x00-\x1f\x7f]/.test(text)) throw new TypeError(`${what} must not have control characters`);
}

/** Throws a TypeError on what is not printable ASCII. RFC 5321 2.4 */
function assertAscii(text: string, what: string): void {
  assertOneLine(text, what);
  if (unprintable.test(text)) throw new TypeError(`${what} must be ASCII`);
}

function verb(name: string, argument: string | undefined, facts: Omit<Command, 'line'>): Command {
  if (argument === undefined) return { line: name, ...facts };
  assertAscii(argument, `the argument of ${name}`);
  const line = `${name} ${argument}`;
  if (line.length + 2 > verbLine) throw new TypeError(`${name} is longer than ${verbLine} octets`); // RFC 5321 4.5.3.1.4
  return { line, ...facts };
}

/** The name is ours: a domain or an address literal, in ASCII. RFC 5321 4.1.1.1, RFC 6531 3.1 */
export function ehlo(name: string): Command {
  return introduction('EHLO', name);
}

export function helo(name: string): Command {
  return introduction('HELO', name);
}

function introduction(command: 'EHLO' | 'HELO', name: string): Command {
  if (name === '' || name.includes(' ')) throw new TypeError(`${command} takes one name without blanks`);
  return verb(command, name, { stage: 'ehlo', last: true });
}

export const starttls: Command = { stage: 'starttls', line: 'STARTTLS', needs: ['STARTTLS'], last: true };
export const data: Command = { stage: 'data', line: 'DATA', last: true };
export const rset: Command = { stage: 'command', line: 'RSET' };
export const quit: Command = { stage: 'quit', line: 'QUIT', last: true };

export function noop(argument?: string): Command {
  return verb('NOOP', argument, { stage: 'command', last: true });
}

export function vrfy(argument: string): Command {
  return verb('VRFY', argument, { stage: 'command', last: true });
}

/** RFC 5321 3.5.2: EXPN is for hosts that list it. */
export function expn(argument: string): Command {
  return verb('EXPN', argument, { stage: 'command', last: true, needs: ['EXPN'] });
}

export function help(argument?: string): Command {
  return verb('HELP', argument, { stage: 'command', last: true });
}

/** One chunk of a message, as it is: no stuffing, no line ends added. RFC 3030 2 */
export function bdat(chunk: Buffer, last: boolean): Command {
  const line = `BDAT ${chunk.length}${last ? ' LAST' : ''}`;
  return { stage: last ? 'message' : 'data', line, octets: chunk, needs: ['CHUNKING'], last: true };
}

/** Bytes as they are: the only command that may break the rules. */
export function raw(bytes: Buffer, replies: number): Command {
  return {
    stage: 'command',
    line: bytes.toString('latin1', 0, 512).trimEnd(),
    octets: bytes,
    bare: true,
    replies,
  };
}

/**
 * A message on its way after 354, with CRLF line ends, stuffed dots and the final dot. Text travels as UTF-8, octets as
 * they are.
 */
export function message(content: string | Buffer): Command {
  const text = typeof content === 'string' ? content : content.toString('latin1');
  const octets = Buffer.from(dotStuffed(text), typeof content === 'string' ? 'utf8' : 'latin1');
  const command: Command = { stage: 'message', line: '.', octets, bare: true };
  return /[^\x00-\x7f]/.test(text) ? { ...command, eightBit: true } : command;
}

/** The command as it may be shown. */
export function shownLine(command: Command): string {
  return command.shown ?? command.line;
}
