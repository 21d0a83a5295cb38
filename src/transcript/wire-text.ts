import { escapeControls } from '../text/escape.ts';

/**
 * Bytes of a line, held as Latin-1, as text that reads back without loss: UTF-8 where they are UTF-8, `\xNN` and
 * `\uNNNN` for what must not be shown, `\\` for a backslash.
 */
export function writeWireText(latin1: string): string {
  const doubled = latin1.replaceAll('\\', '\\\\');
  const decoded = Buffer.from(doubled, 'latin1').toString('utf8');
  const shown = decoded.includes('\ufffd')
    ? doubled.replace(/[\x80-\xff]/g, (c) => `\\x${c.charCodeAt(0).toString(16)}`)
    : decoded.replace(/[\x80-\x9f\xad]/g, (c) => `\\u00${c.charCodeAt(0).toString(16)}`);
  return escapeControls(shown);
}

const named: Readonly<Record<string, string>> = { '\\': '\\', r: '\r', n: '\n', t: '\t', 0: '\0' };

/** The bytes, as Latin-1, of what `writeWireText` wrote or a person typed. */
export function readWireText(text: string): string {
  return text.replace(
    /\\(?:x([0-9a-f]{2})|u([0-9a-f]{4})|([\\rnt0]))|[^\x00-\x7f]+/gi,
    (all, byte?: string, unit?: string, name?: string) => {
      if (byte !== undefined) return String.fromCharCode(Number.parseInt(byte, 16));
      if (name !== undefined) return named[name.toLowerCase()] ?? all;
      const characters = unit === undefined ? all : String.fromCharCode(Number.parseInt(unit, 16));
      return Buffer.from(characters, 'utf8').toString('latin1');
    },
  );
}
