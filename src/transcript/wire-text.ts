import { escapeControls } from '../text/escape.ts';

/**
 * Bytes of a line, held as Latin-1, as text that can be read back without loss: UTF-8 where they are UTF-8, `\xNN` for
 * what cannot be shown, `\\` for a backslash.
 */
export function writeWireText(latin1: string): string {
  const decoded = Buffer.from(latin1, 'latin1').toString('utf8');
  const text = decoded.includes('\ufffd') ? latin1.replace(/[\x80-\xff]/g, hex) : decoded;
  return text
    .split(/(\\x[0-9a-f]{2}|\\)/)
    .map((part, i) => (i % 2 === 0 ? escapeControls(part) : bytesOrBackslash(part, text !== decoded)))
    .join('');
}

/** A `\xNN` of ours stays; a backslash that was sent is doubled. */
function bytesOrBackslash(part: string, ours: boolean): string {
  return ours && part.length > 1 ? part : part.replace('\\', '\\\\');
}

function hex(character: string): string {
  return `\\x${character.charCodeAt(0).toString(16)}`;
}

/** Reads what `writeWireText` wrote, or what a person typed. */
export function readWireText(text: string): string {
  const unescaped = text.replace(/\\(?:(\\)|x([0-9a-f]{2})|u([0-9a-f]{4})|([rnt0]))|[^\x00-\x7f]+/gi, escapedToBytes);
  return unescaped;
}

const named: Readonly<Record<string, string>> = { r: '\r', n: '\n', t: '\t', 0: '\0' };

function escapedToBytes(
  all: string,
  backslash: string | undefined,
  byte: string | undefined,
  unit: string | undefined,
  name: string | undefined,
): string {
  if (backslash !== undefined) return backslash;
  if (byte !== undefined) return String.fromCharCode(Number.parseInt(byte, 16));
  if (name !== undefined) return named[name.toLowerCase()] ?? all;
  const characters = unit === undefined ? all : String.fromCharCode(Number.parseInt(unit, 16));
  return Buffer.from(characters, 'utf8').toString('latin1');
}
