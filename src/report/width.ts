import { columnsOf, graphemesOf, isPlain } from '../text/columns.ts';

/** No column of text is made narrower than this. */
const narrowest = 16;

/** Breaks plain text into lines of at most `width` columns, between words where that is possible. */
export function wrap(text: string, width: number): string[] {
  const [indent = ''] = /^ */.exec(text) ?? [];
  const room = Math.max(narrowest, width);
  if (columnsOf(text) <= room) return [text];
  const [first = '', ...rest] = broken(text.slice(indent.length), room - Math.min(indent.length, room - 1));
  return [indent + first, ...rest];
}

/** Fills line after line with words. A word longer than a line is broken, and begins where that takes the fewest lines. */
function broken(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.normalize().split(/[ \n]+/)) {
    const longer = line === '' ? word : `${line} ${word}`;
    const size = columnsOf(word);
    if (columnsOf(longer) <= width) line = longer;
    else if (size <= width) {
      lines.push(line);
      line = word;
    } else {
      const here = Math.floor((columnsOf(longer) - 1) / width);
      const below = line === '' ? here : 1 + Math.floor((size - 1) / width);
      if (below - 1 < here && line !== '') lines.push(line);
      line = below - 1 < here ? word : longer;
      while (columnsOf(line) > width) {
        const piece = takeColumns(line, width);
        lines.push(piece);
        line = line.slice(piece.length);
      }
    }
  }
  return [...lines, line];
}

/** The text in at most `width` columns; what is cut is marked by `more`. */
export function cutTo(text: string, width: number, more: string): string {
  if (columnsOf(text) <= width) return text;
  return takeColumns(text, Math.max(0, width - columnsOf(more))) + more;
}

/** As many whole characters from the left as fit into `width` columns. */
export function takeColumns(text: string, width: number): string {
  if (isPlain(text)) return text.slice(0, width);
  let taken = '';
  let columns = 0;
  for (const { segment } of graphemesOf(text)) {
    columns += columnsOf(segment);
    if (columns > width) break;
    taken += segment;
  }
  return taken;
}

/** The text without its first `width` columns. A wide character on the edge goes, and a blank stands for its rest. */
export function dropColumns(text: string, width: number): string {
  if (isPlain(text)) return text.slice(width);
  let columns = 0;
  let at = 0;
  for (const { segment } of graphemesOf(text)) {
    if (columns >= width) break;
    columns += columnsOf(segment);
    at += segment.length;
  }
  return ' '.repeat(Math.max(0, columns - width)) + text.slice(at);
}

export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - columnsOf(text)));
}
