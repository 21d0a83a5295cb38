import { isPositive, type Reply } from '../../smtp/reply.ts';
import { escapeControls, showBytes } from '../../text/escape.ts';
import type { DialogueEntry } from '../dialogue.ts';
import type { Palette } from '../palette.ts';
import { paintOf } from '../verify/card.ts';
import { verdictLines } from '../verify/verdict-lines.ts';
import { verdictTitle } from '../verify/words.ts';
import type { Layout } from './layout.ts';

/** Of a longer reply or message the first and last lines are shown; of a longer line its beginning. */
const mostLines = 24;
const lastLines = 2;
const longestLine = 600;

/** A dialogue's entry as lines for the terminal, without its explanation. `insteadOfRest` stands for all but the first line. */
export function renderEntry(entry: DialogueEntry, layout: Layout, insteadOfRest?: string): string[] {
  const { palette } = layout;
  const note = (text: string): string[] => layout.entry(entry.at, palette.note('--'), text, palette.note);
  switch (entry.kind) {
    case 'note':
      return note(entry.text);
    case 'ending':
      return layout.entry(entry.at, palette.bad('--'), entry.text, palette.bad);
    case 'reply': {
      const say = (line: string): string[] =>
        layout.entry(entry.at, 'S:', line, paintReply(entry.reply, palette));
      if (insteadOfRest === undefined) return spoken(entry.reply.raw, say, note);
      return [...spoken(entry.reply.raw.slice(0, 1), say, note), ...note(escapeControls(insteadOfRest))];
    }
    case 'verdict':
      return concluded(entry, layout);
    case 'lines': {
      const ours = entry.by === 'client';
      const mark = ours ? palette.client('C:') : 'S:';
      const lines = spoken(
        entry.lines,
        (line) => layout.entry(entry.at, mark, line, ours ? palette.client : palette.bad),
        note,
      );
      return entry.unshown > 0 ? [...lines, ...note(`and ${count(entry.unshown)} bytes more`)] : lines;
    }
    default:
      return entry satisfies never;
  }
}

/** The verdict in its colour, and below it why. */
function concluded({ at, ...one }: Extract<DialogueEntry, { kind: 'verdict' }>, layout: Layout): string[] {
  const { palette } = layout;
  const { address, verdict } = one.verification;
  const paint = paintOf(verdict, palette);
  const title = `${escapeControls(address)}: ${verdictTitle(one.verification, palette.marks.dot)}`;
  return [
    ...layout.entry(at, paint('=>'), title, (line) =>
      palette.strong(line.replace(` ${verdict} `, ` ${paint(verdict)} `)),
    ),
    ...verdictLines(one).flatMap((line) => layout.aside(escapeControls(line), palette.dim)),
  ];
}

function spoken(
  lines: readonly string[],
  say: (line: string) => string[],
  note: (text: string) => string[],
): string[] {
  const said = (part: readonly string[]): string[] => part.flatMap((line) => say(shorten(showBytes(line))));
  if (lines.length <= mostLines) return said(lines);
  const left = lines.length - mostLines;
  return [
    ...said(lines.slice(0, mostLines - lastLines)),
    ...note(`${count(left)} lines left out`),
    ...said(lines.slice(-lastLines)),
  ];
}

function shorten(text: string): string {
  if (text.length <= longestLine) return text;
  return `${text.slice(0, longestLine)} (and ${count(text.length - longestLine)} characters more)`;
}

function count(n: number): string {
  return n.toLocaleString('en');
}

/** The codes in the colour of their class. RFC 5321 4.2.1 */
function paintReply(reply: Reply, palette: Palette): (line: string, first: boolean) => string {
  const paint = isPositive(reply) ? palette.good : reply.code < 500 ? palette.warn : palette.bad;
  return (line, first) => {
    const codes = first ? (/^\d{3}(?:[ -][245]\.\d{1,3}\.\d{1,3}(?= |$))?/.exec(line)?.[0] ?? '') : '';
    return codes === '' ? line : paint(codes) + line.slice(codes.length);
  };
}
