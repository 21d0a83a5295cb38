import { columnsOf } from '../text/columns.ts';
import { escapeControls } from '../text/escape.ts';

/** Columns shown before and after the start of the marked text when a line is cut. */
const before = 40;
const after = 60;

/** The text as shown: harmless, and with tabs of a fixed width so that the caret stays right. */
const shown = (text: string): string => escapeControls(text.replaceAll('\t', '  '));
const width = (text: string): number => columnsOf(shown(text));

/**
 * One line of a source and the carets below it, both safe for a terminal. A long line is cut around the mark.
 * `column` counts from 1; `column` and `length` are in UTF-16 units.
 */
export function excerpt(line: string, column: number, length: number): { text: string; carets: string } {
  const start = Math.min(column - 1, line.length);
  const left = cutBefore(line, start);
  const right = cutAfter(line, start);
  const prefix = `${left > 0 ? '…' : ''}${shown(line.slice(left, start))}`;
  const marked = line.slice(start, Math.min(start + length, right));
  return {
    text: `${prefix}${shown(line.slice(start, right))}${right < line.length ? '…' : ''}`,
    carets: ' '.repeat(columnsOf(prefix)) + '^'.repeat(Math.max(1, width(marked))),
  };
}

function cutBefore(line: string, start: number): number {
  const near = Array.from(line.slice(Math.max(0, start - 2 * before), start));
  let at = start;
  let columns = 0;
  for (const character of near.reverse()) {
    columns += width(character);
    if (columns > before) return at;
    at -= character.length;
  }
  return at;
}

function cutAfter(line: string, start: number): number {
  let at = start;
  let columns = 0;
  for (const character of line.slice(start, start + 2 * after)) {
    columns += width(character);
    if (columns > after) return at;
    at += character.length;
  }
  return at;
}
