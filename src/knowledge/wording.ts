import type { EnhancedStatusCode } from '../smtp/enhanced-status.ts';
import type { Reply } from '../smtp/reply.ts';

/** How much of a reply is read, in characters. The rest of an endless reply changes nothing. */
const readable = 2_000;

/** The words of a reply as rules see them: names and numbers of the day taken out, so that only the meaning is left. */
export interface Wording {
  /** One line; addresses, links, IP addresses and host names stand as `(@)`, `(link)`, `(ip)` and `(#)`. */
  readonly text: string;
  /** The links and host names that were taken out, for what only they can tell. */
  readonly places: string;
  /** An enhanced status code that the words carry, as qmail, IronPort and others write it: `(#5.1.1)`. */
  readonly hidden?: EnhancedStatusCode;
}

const link =
  /\b(?:https?|ftp):\/{0,2}[^\s<>"]{1,300}|\bwww\.[^\s<>"]{1,200}|\b[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}\/[^\s<>"]{0,200}/gi;
const address = /<?"?[^\s<>()[\]:;,"]{1,80}"?@[\w.-]{1,120}>?/g;
const networkAddress = /\b\d{1,3}(?:\.\d{1,3}){3}\b|\b[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){3,7}/gi;
/** Three labels; or two with a digit, a hyphen or brackets, since `unknown.Please` is no host. */
const hostName =
  /\b(?:[\w-]{1,63}\.){2,8}[a-z]{2,24}\b|\b(?=[\w-]{0,62}[\d-])[\w-]{1,63}\.[a-z]{2,24}\b|(?<=[<[])[\w-]{1,63}\.[a-z]{2,24}(?=[>\]])/gi;
/** What looks like a host name and is part of the message: names of block lists, and of Exchange's own reasons. */
const tellingName =
  /^(?:resolver|transport|storedrv|routing|agent)\.|spamhaus|spamcop|sorbs|barracuda|abuseat|surbl|uribl|\b(?:dns|[a-z])?r?bl\b/i;
const hiddenCode = /(?:^|[\s(#[])([245])\.(\d{1,3})\.(\d{1,3})(?=[\s)\]:;,]|\.?$)/;

export function wordingOf(reply: Reply): Wording {
  const places: string[] = [];
  const taken = (mark: string) => (found: string) => {
    places.push(found);
    return mark;
  };
  const text = fold(decode(readableOf(reply.lines)))
    .replace(link, taken('(link)'))
    .replace(address, '(@)')
    .replace(networkAddress, '(ip)')
    .replace(hostName, (found) => (tellingName.test(found) ? found : taken('(#)')(found)))
    .slice(0, readable);
  const hidden = hiddenIn(text, reply.code);
  return { text, places: places.join(' '), ...(hidden === undefined ? {} : { hidden }) };
}

function readableOf(lines: readonly string[]): string {
  let text = '';
  for (const line of lines) {
    if (text.length >= readable) break;
    text += `${text === '' ? '' : ' '}${line.slice(0, readable)}`;
  }
  return text.slice(0, readable);
}

/** Lines hold bytes as Latin-1; most servers that leave ASCII mean UTF-8. A cut last character is dropped. */
function decode(text: string): string {
  if (!/[\x80-\xff]/.test(text) || /[^\0-\xff]/.test(text)) return text;
  const decoded = Buffer.from(text, 'latin1')
    .toString('utf8')
    .replace(/\ufffd$/, '');
  return decoded.includes('\ufffd') ? text : decoded;
}

/** Words that underscores join: `mailbox_full`. */
const joined = /([a-z]{4,20})_(?=[a-z]{4})/gi;

/** Letters that no accent makes. */
const plain: Readonly<Record<string, string>> = {
  ł: 'l',
  Ł: 'L',
  ø: 'o',
  Ø: 'O',
  đ: 'd',
  Đ: 'D',
  ı: 'i',
  æ: 'ae',
  Æ: 'AE',
};
const special = new RegExp(`[${Object.keys(plain).join('')}]`, 'g');

/** Accents off, curly quotes straight, white space single: `boîte pleine` and `boite  pleine` are one. */
function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .replace(special, (letter) => plain[letter] ?? letter)
    .replace(/[\u2018\u2019\u00b4`]/g, "'")
    .replace(joined, '$1 ')
    .replace(/[\s\0-\x1f]+/g, ' ')
    .trim();
}

function hiddenIn(text: string, code: number): EnhancedStatusCode | undefined {
  const found = hiddenCode.exec(text);
  if (found === null || Number(found[1]) !== Math.floor(code / 100)) return undefined;
  return `${found[1]}.${Number(found[2])}.${Number(found[3])}` as EnhancedStatusCode;
}
