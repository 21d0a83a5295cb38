import { createHmac } from 'node:crypto';

/** Bytes of a hashed key. */
const keyLength = 16;

/** A line's beginning has one length: the key, when it was written, and until when it holds, in ms since 1970. */
const head = /^\{"k":"([\w-]{22})","at":(\d{13}),"until":(\d{13}),/;
const headLength = `{"k":"${'x'.repeat(22)}","at":${'0'.repeat(13)},"until":${'0'.repeat(13)},`.length;

/** Longer lines are passed over. */
export const mostLine = 65_536;

export interface Head {
  readonly key: Buffer;
  readonly at: number;
  readonly until: number;
}

/** The beginning of a line; undefined where it is none of ours, or was cut off. */
export function readHead(line: Buffer): Head | undefined {
  const [, key, at, until] = head.exec(line.toString('latin1', 0, headLength)) ?? [];
  if (key === undefined) return undefined;
  return { key: Buffer.from(key, 'base64url'), at: Number(at), until: Number(until) };
}

/** A line and its end. Times stay within thirteen digits, which last until the year 2286. */
export function lineOf({ key, at, until }: Head, content: object): string {
  const time = (ms: number): string =>
    `${Math.max(0, Math.min(9_999_999_999_999, Math.round(ms)))}`.padStart(13, '0');
  const rest = JSON.stringify(content).slice(1);
  return `{"k":"${key.toString('base64url')}","at":${time(at)},"until":${time(until)},${rest}\n`;
}

/** A key by which a name is found and from which, without guessing, it cannot be read. */
export function hashedKey(salt: string, ...names: readonly string[]): Buffer {
  return createHmac('sha256', Buffer.from(salt, 'hex'))
    .update(names.join('\0'))
    .digest()
    .subarray(0, keyLength);
}
