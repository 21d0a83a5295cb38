const control = /[\x00-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u2069\ufeff]/g;

/**
 * Makes text harmless on a terminal or a page: control characters, escape sequences and marks that change the
 * direction of writing become `\xNN` or `\uNNNN`. Everything that comes from the other side passes here.
 */
export function escapeControls(text: string): string {
  return text.replace(control, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}

/** Bytes held as Latin-1, shown as UTF-8 where they are UTF-8, with CR, LF and tab by their short names. */
export function showBytes(latin1: string): string {
  const decoded = Buffer.from(latin1, 'latin1').toString('utf8');
  const text = decoded.includes('\ufffd') ? latin1 : decoded;
  return escapeControls(
    text.replace(/[\r\n\t]/g, (c) => ({ '\r': '\\r', '\n': '\\n', '\t': '\\t' })[c] ?? c),
  );
}
