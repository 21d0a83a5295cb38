import type { Knowledge } from '../../knowledge/knowledge.ts';
import { Page, type PageOptions } from '../page.ts';
import type { Reading } from './code-entry.ts';

/** What can be said about a number that is in no book. */
export interface UnknownCode {
  readonly code: string;
  readonly kind: 'basic' | 'enhanced';
  readonly known: false;
  /** What its parts mean, from left to right. */
  readonly digits: readonly { readonly digits: string; readonly says: string }[];
  readonly source: string;
  readonly readings: readonly Reading[];
  /** Known codes that are near. */
  readonly near: readonly { readonly code: string; readonly title: string }[];
}

/** RFC 5321 4.2.1 */
const firstDigits: Readonly<Record<string, string>> = {
  1: 'no first digit of SMTP; a server may not begin with it',
  2: 'it worked',
  3: 'go on: the server waits for the rest of the command',
  4: 'not now; the same thing may work later',
  5: 'no; the same thing again will not work',
};
/** RFC 5321 4.2.1; the grammar of 4.2 ends at 5. */
const secondDigits: Readonly<Record<string, string>> = {
  0: 'about the syntax of the command',
  1: 'information that was asked for',
  2: 'about the connection',
  3: 'not used in SMTP, but for logins (RFC 4954)',
  4: 'not used in SMTP',
  5: 'about the mail system, mailboxes and transfers',
};

const mostNear = 6;

export function unknownBasic(code: string, { codes }: Knowledge): UnknownCode {
  const [first = '', second = '', third = ''] = code;
  const near = [...codes.values()]
    .map(({ code: known, title }) => ({ code: String(known), title }))
    .filter((known) => known.code.startsWith(first))
    .sort((a, b) => distance(a.code, code) - distance(b.code, code));
  return {
    code,
    kind: 'basic',
    known: false,
    digits: [
      { digits: `${first}yz`, says: firstDigits[first] ?? 'no first digit of SMTP' },
      {
        digits: `x${second}z`,
        says: secondDigits[second] ?? 'more than the grammar of SMTP allows (RFC 5321 4.2)',
      },
      { digits: `xy${third}`, says: 'has no meaning of its own; it numbers what the other two say' },
    ],
    source: 'RFC 5321 4.2.1; an unknown code is handled as the first of its kind (4.3.2)',
    readings: dotless(code),
    near: near.slice(0, mostNear),
  };
}

function distance(known: string, code: string): number {
  return Math.abs(Number(known) - Number(code)) + (known[1] === code[1] ? 0 : 20);
}

function dotless(code: string): Reading[] {
  const [first = '', second = '', third = ''] = code;
  if (!/^[245][0-7]\d$/.test(code)) return [];
  const dotted = [first, second, third].join('.');
  return [{ provider: 'some hosts', codes: code, says: `They mean ${dotted} and leave out the dots.` }];
}

export function unknownEnhanced(code: string, { enhancedBook, enhancedCodes }: Knowledge): UnknownCode {
  const [digit = '', subject = '', detail = ''] = code.split('.');
  const { kind, about } = enhancedBook.parts(digit, subject);
  const near = [...enhancedCodes.values()]
    .filter((entry) => entry.code.split('.')[1] === subject)
    .sort((a, b) => apart(a.code, detail) - apart(b.code, detail));
  return {
    code,
    kind: 'enhanced',
    known: false,
    digits: [
      {
        digits: `${digit}.y.z`,
        says: digit === 'X' ? 'stands for any class' : (sentence(kind) ?? 'no class that there is'),
      },
      { digits: `x.${subject}.z`, says: sentence(about) ?? 'no subject that there is; they end at 7' },
      { digits: `x.y.${detail}`, says: 'a detail that is not registered; it is read as its subject' },
    ],
    source: 'RFC 3463 2, 3; registry of RFC 5248',
    readings: enhancedBook
      .vendorsOf(digit === 'X' ? `5${code.slice(1)}` : code)
      .map(({ provider, codes, says, reason }) => ({ provider, codes, says, reason })),
    near: near.slice(0, mostNear).map(({ code: known, title }) => ({ code: known, title })),
  };
}

function sentence(part: { readonly title: string; readonly says: string } | undefined): string | undefined {
  return part && `${part.title}: ${part.says}`;
}

function apart(known: string, detail: string): number {
  return Math.abs(Number(known.split('.')[2]) - Number(detail));
}

export function renderUnknown(unknown: UnknownCode, options: PageOptions): string[] {
  const page = new Page(options);
  page.title(`${unknown.code}  in no book`);
  page.text(
    unknown.kind === 'basic'
      ? 'No standard has this code. Its digits still say something:'
      : 'The registry does not have this code. Its parts still say something:',
  );
  page.lines.push('');
  page.facts([
    ...unknown.digits.map(({ digits, says }): [string, string] => [digits, says]),
    ['source', unknown.source],
  ]);
  page.section('As some mean it', () =>
    page.facts(
      unknown.readings.map(({ provider, codes, says, reason }) => [
        `${provider} ${codes}`,
        reason === undefined ? says : `${says} (${reason})`,
      ]),
    ),
  );
  page.section('Near it', () => page.facts(unknown.near.map(({ code, title }) => [code, title])));
  return page.lines;
}
