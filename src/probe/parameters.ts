import { toXtext } from '../smtp/xtext.ts';

/** Parameters of MAIL and RCPT by their keyword in capitals; `true` for those without a value. */
export interface Parameters {
  /** ENVID, AUTH and ORCPT are given as plain text; they travel as xtext. */
  readonly [keyword: string]: string | number | true | undefined;
}

export interface MailParameters extends Parameters {
  /** Octets with CRLF, without stuffed dots. RFC 1870 5 */
  readonly SIZE?: number | string;
  readonly BODY?: '7BIT' | '8BITMIME' | 'BINARYMIME';
  readonly SMTPUTF8?: true;
  readonly RET?: 'FULL' | 'HDRS';
  readonly ENVID?: string;
  readonly REQUIRETLS?: true;
  /** A mailbox, or `<>`. RFC 4954 5 */
  readonly AUTH?: string;
}

export interface RcptParameters extends Parameters {
  /** `NEVER`, or a list such as `SUCCESS,FAILURE`. RFC 3461 4.1 */
  readonly NOTIFY?: string;
  /** An address, with or without its type: `rfc822;ada@example.net`. RFC 3461 4.2 */
  readonly ORCPT?: string;
}

/** Keywords of EHLO that offer a parameter of another name. */
const offeredBy: Readonly<Record<string, string>> = {
  BODY: '8BITMIME', // RFC 6152 3
  RET: 'DSN',
  ENVID: 'DSN',
  NOTIFY: 'DSN',
  ORCPT: 'DSN', // RFC 3461 4
  BY: 'DELIVERBY', // RFC 2852 4
  HOLDFOR: 'FUTURERELEASE',
  HOLDUNTIL: 'FUTURERELEASE', // RFC 4865 4
  SOLICIT: 'NO-SOLICITING', // RFC 3865 4
};

/** Parameters as text, each with a blank before it, and the keywords of EHLO that they need. */
export interface WrittenParameters {
  readonly text: string;
  readonly needs: readonly string[];
}

export const noParameters: WrittenParameters = { text: '', needs: [] };

/** Throws a TypeError on what cannot stand in a parameter. RFC 5321 4.1.2 */
export function writeParameters(parameters: Parameters): WrittenParameters {
  let text = '';
  const needs: string[] = [];
  for (const [keyword, value] of Object.entries(parameters)) {
    if (value === undefined) continue;
    if (!/^[A-Za-z0-9][A-Za-z0-9-]*$/.test(keyword))
      throw new TypeError(`${JSON.stringify(keyword)} is not a keyword`);
    const name = keyword.toUpperCase();
    text += value === true ? ` ${name}` : ` ${name}=${written(name, `${value}`)}`;
    needs.push(...needsOf(name, value));
  }
  return { text, needs };
}

function needsOf(name: string, value: string | number | true): readonly string[] {
  if (name === 'BODY' && value === 'BINARYMIME') return ['BINARYMIME', 'CHUNKING']; // RFC 3030 3
  return [offeredBy[name] ?? name];
}

function written(name: string, value: string): string {
  const encoded = encodedValue(name, value);
  if (!/^[\x21-\x3c\x3e-\x7e\u0080-\u{10ffff}]+$/u.test(encoded)) {
    throw new TypeError(`${JSON.stringify(value)} cannot be the value of ${name}`);
  }
  const most = { ENVID: 100, ORCPT: 500 }[name]; // RFC 3461 4.4, 4.2
  if (most !== undefined && encoded.length > most)
    throw new TypeError(`${name} is longer than ${most} octets`);
  return encoded;
}

function encodedValue(name: string, value: string): string {
  if (name === 'ENVID') return toXtext(value);
  if (name === 'AUTH') return value === '<>' ? value : toXtext(value); // RFC 4954 5
  if (name !== 'ORCPT') return value;
  const [, type = 'rfc822', address = ''] = /^(?:([A-Za-z0-9-]+);)?(.*)$/s.exec(value) ?? [];
  return `${type};${toXtext(address)}`;
}
