import { escapeControls } from '../../text/escape.ts';

/** A longer line is cut; what a host can send is bounded, and what a person reads of it even more. */
const longestLine = 4_000;

/** One line of the wire, harmless, with CR, LF and tab by their short names. */
export function safeLine(text: string): string {
  const shown = escapeControls(
    text
      .slice(0, longestLine)
      .replace(/[\r\n\t]/g, (c) => ({ '\r': '\\r', '\n': '\\n', '\t': '\\t' })[c] ?? c),
  );
  const left = text.length - longestLine;
  return left > 0 ? `${shown} (and ${left.toLocaleString('en')} characters more)` : shown;
}

/** Prose on one line. */
export function safeProse(text: string): string {
  return escapeControls(text.replace(/\s+/g, ' ').trim());
}
