import type { Reply } from './reply.ts';

/** A reply as people expect it: `250`, `4xx`, `450 4.7.1`, `5xx 5.7.x`. */
export interface ReplyPattern {
  readonly code: string;
  readonly enhanced?: string;
}

const shape = /^([2-5](?:\d\d|\dx|xx))(?: ([245]\.(?:\d{1,3}|x)\.(?:\d{1,3}|x)))?$/;

/** `undefined` for a text that is no such pattern. */
export function readReplyPattern(text: string | number): ReplyPattern | undefined {
  const found = shape.exec(`${text}`);
  if (!found?.[1]) return undefined;
  return { code: found[1], ...(found[2] === undefined ? {} : { enhanced: found[2] }) };
}

export function fitsPattern({ code, enhanced }: ReplyPattern, reply: Reply): boolean {
  const like = (pattern: string, text: string): boolean =>
    new RegExp(`^${pattern.replaceAll('.', '\\.').replace(/x/g, '\\d+')}$`).test(text);
  return (
    new RegExp(`^${code.replace(/x/g, '\\d')}$`).test(`${reply.code}`) &&
    (enhanced === undefined || like(enhanced, reply.enhanced ?? ''))
  );
}

export function showPattern({ code, enhanced }: ReplyPattern): string {
  return enhanced === undefined ? code : `${code} ${enhanced}`;
}
