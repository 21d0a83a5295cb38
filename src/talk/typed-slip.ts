import { closest } from '../datafile/suggest.ts';
import { parseMailbox } from '../smtp/mailbox.ts';
import type { Reply } from '../smtp/reply.ts';
import { partsOf } from './typed-command.ts';

/** Replies that may be about how a line was written, or when. RFC 5321 4.2.2 */
const aboutTheLine = new Set([500, 501, 502, 503, 504, 553, 554, 555]);

const alone = ['DATA', 'RSET', 'QUIT', 'STARTTLS'];
const known = ['EHLO', 'HELO', 'MAIL', 'RCPT', 'NOOP', 'VRFY', 'EXPN', 'BDAT', 'AUTH', 'HELP', ...alone];

/** When a command may come: what is behind a 503. RFC 5321 4.1.4 */
const turns: Readonly<Record<string, string>> = {
  MAIL: 'MAIL comes behind an EHLO that was accepted, and once for each message; RSET gives an open one up',
  RCPT: 'RCPT comes behind a MAIL that was accepted, and a message is not begun without it',
  DATA: 'DATA comes behind a RCPT that was accepted; so far none was',
  BDAT: 'BDAT comes behind a RCPT that was accepted; so far none was',
  AUTH: 'AUTH comes behind EHLO, before any MAIL, and once',
  STARTTLS: 'STARTTLS comes behind EHLO, before any MAIL, and once',
};

/**
 * What is wrong with a line that somebody typed, as a sentence without its full stop, as far as the reply allows to say so; undefined for a
 * line without fault. A host may take a line with a fault: then only that is told.
 */
export function slipIn(line: string, { code }: Reply): string | undefined {
  const { verb } = partsOf(line);
  const fault = faultOf(line);
  if (code < 400 && !known.includes(verb)) return undefined; // an extension: ETRN, XCLIENT
  if (fault !== undefined) {
    if (code < 400) return `The host let it pass, and others would not: ${fault}`;
    return aboutTheLine.has(code) ? `Look at your line: ${fault}` : undefined;
  }
  const late = code === 503 || (code === 554 && verb === 'DATA');
  return late && Object.hasOwn(turns, verb) ? turns[verb] : undefined;
}

function faultOf(line: string): string | undefined {
  const { verb, rest } = partsOf(line);
  if (/^\s/.test(line)) return 'a command begins in the first column';
  if (verb === 'MAIL') return faultOfPath('MAIL FROM', rest);
  if (verb === 'RCPT') return faultOfPath('RCPT TO', rest);
  if (verb === 'EHLO' || verb === 'HELO') return faultOfHello(verb, rest);
  if (alone.includes(verb)) return rest === '' ? undefined : `${verb} stands alone`;
  return known.includes(verb) ? undefined : faultOfVerb(verb, line);
}

/** RFC 5321 4.1.1.1 */
function faultOfHello(verb: string, rest: string): string | undefined {
  if (rest === '') return `the name of your machine is missing, such as ${verb} me.example.net`;
  return /\s/.test(rest) ? `${verb} takes one name, without a blank in it` : undefined;
}

/** RFC 5321 3.3 and 4.1.1.2 and .3: `MAIL FROM:<address>` with no blank around the colon. */
function faultOfPath(head: 'MAIL FROM' | 'RCPT TO', rest: string): string | undefined {
  const [, preposition = ''] = head.split(' ');
  const right = `${head}:<${head === 'MAIL FROM' ? 'me@example.net' : 'somebody@example.org'}>`;
  const other = head === 'MAIL FROM' ? 'TO' : 'FROM';
  if (new RegExp(`^${other}\\b`, 'i').test(rest))
    return `it is MAIL FROM for the sender, and RCPT TO for a recipient`;
  const [, blankBefore, colon, blankBehind, path = ''] =
    new RegExp(`^${preposition}(\\s*)(:?)(\\s*)(.*)$`, 'is').exec(rest) ?? [];
  if (blankBefore === undefined) return `${preposition}: is missing behind the verb; it is written ${right}`;
  if (colon === '') return `the colon behind ${preposition} is missing; it is written ${right}`;
  if (!path.startsWith('<')) return `the address stands in angle brackets: ${right}`;
  const bracketed = /^<((?:"(?:\\.|[^"\\])*"|[^">])*)>/.exec(path);
  if (!bracketed) return 'the angle bracket is not closed';
  if (blankBefore !== '' || blankBehind !== '') return `no blank belongs around the colon: ${right}`;
  return faultOfAddress(bracketed[1] ?? '', head);
}

/** The null sender, Postmaster without a domain and old source routes are addresses, too. RFC 5321 4.5.5, 4.1.1.3, appendix C */
function faultOfAddress(address: string, head: 'MAIL FROM' | 'RCPT TO'): string | undefined {
  if (address === '')
    return head === 'MAIL FROM'
      ? undefined
      : 'nothing stands between the brackets; only a sender may be empty';
  if (address.startsWith('@') || /^postmaster$/i.test(address)) return undefined;
  const read = parseMailbox(address);
  return 'fault' in read ? `in the address ${read.fault}` : undefined;
}

function faultOfVerb(verb: string, line: string): string | undefined {
  const joined = /^(MAIL|RCPT)(FROM|TO)/.exec(verb);
  if (joined) return `a blank belongs between ${joined[1]} and ${joined[2]}`;
  if (verb === 'HELLO') return 'the greeting is called EHLO, and HELO in the first years';
  if (/^[A-Za-z-]+:/.test(line) && !/^(?:FROM|TO):/.test(verb))
    return 'header fields belong into the message, which begins behind DATA and a 354';
  const near = closest(verb, known);
  return near === undefined
    ? `${verb.length > 20 ? 'this' : verb} is no command of SMTP; /help tells of the usual ones`
    : `the verb is called ${near}`;
}
