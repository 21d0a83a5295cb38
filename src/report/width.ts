import stringWidth from 'string-width';
import wrapAnsi from 'wrap-ansi';

/** No column of text is made narrower than this. */
const narrowest = 16;

const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Breaks plain text into lines of at most `width` columns, between words where that is possible. */
export function wrap(text: string, width: number): string[] {
  const [indent = ''] = /^ */.exec(text) ?? [];
  const room = Math.max(narrowest, width);
  if (stringWidth(text) <= room) return [text];
  const [first = '', ...rest] = wrapAnsi(
    text.slice(indent.length),
    room - Math.min(indent.length, room - 1),
    { hard: true },
  ).split('\n');
  return [indent + first, ...rest];
}

/** The text in at most `width` columns; what is cut is marked by `more`. */
export function cutTo(text: string, width: number, more: string): string {
  if (stringWidth(text) <= width) return text;
  return takeColumns(text, Math.max(0, width - stringWidth(more))) + more;
}

/** As many whole characters from the left as fit into `width` columns. */
export function takeColumns(text: string, width: number): string {
  let taken = '';
  let columns = 0;
  for (const { segment } of graphemes.segment(text)) {
    columns += stringWidth(segment);
    if (columns > width) break;
    taken += segment;
  }
  return taken;
}

/** The text without its first `width` columns. A wide character on the edge goes, and a blank stands for its rest. */
export function dropColumns(text: string, width: number): string {
  let columns = 0;
  let at = 0;
  for (const { segment } of graphemes.segment(text)) {
    if (columns >= width) break;
    columns += stringWidth(segment);
    at += segment.length;
  }
  return ' '.repeat(Math.max(0, columns - width)) + text.slice(at);
}

export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - stringWidth(text)));
}
