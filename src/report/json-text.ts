import { escapeControls } from '../text/escape.ts';

/**
 * A value as JSON on one line that is harmless on a terminal: what `JSON.stringify` leaves raw of control characters and
 * marks of direction becomes `\uNNNN`, which reads back as the same value.
 */
export function jsonLine(value: unknown): string {
  return JSON.stringify(value).replace(/[^\x20-\x7e]/g, (character) =>
    escapeControls(character) === character
      ? character
      : `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** Bytes held as Latin-1 as text: UTF-8 where they are UTF-8, else a character for each byte. */
export function textOf(latin1: string): string {
  const decoded = Buffer.from(latin1, 'latin1').toString('utf8');
  return decoded.includes('\ufffd') ? latin1 : decoded;
}
