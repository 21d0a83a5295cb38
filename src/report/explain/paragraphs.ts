import { escapeControls } from '../../text/escape.ts';
import type { Paint, Palette } from '../palette.ts';
import { wrap } from '../width.ts';

/** How a page is laid out. */
export interface PageOptions {
  readonly palette: Palette;
  readonly columns: number;
}

/** Below this many columns labels stand in the text instead of beside it. */
const roomy = 64;
const labelWidth = 14;
/** Longer lines than this are hard to read. */
const widest = 100;

/** A label and what stands behind it; without a label it goes on with the one above. */
export type Paragraph = readonly [label: string, text: string, paint?: Paint];

/** Paragraphs beside their labels, or behind them where the terminal is narrow. */
export function renderParagraphs(list: readonly Paragraph[], { palette, columns }: PageOptions): string[] {
  const width = Math.min(columns, widest);
  const beside = columns >= roomy;
  return list.flatMap(([label, text, paint = plain]) => {
    const shown = harmless(text);
    if (shown === '') return [];
    if (beside) {
      return wrap(shown, width - labelWidth - 2).map(
        (line, i) => `  ${palette.dim((i === 0 ? label : '').padEnd(labelWidth))}${paint(line)}`,
      );
    }
    const [first = '', ...rest] = wrap(label === '' ? shown : `${label}: ${shown}`, width - 4);
    const head =
      label === '' ? paint(first) : `${palette.dim(`${label}:`)}${paint(first.slice(label.length + 1))}`;
    return [`  ${head}`, ...rest.map((line) => `${label === '' ? '  ' : '    '}${paint(line)}`)];
  });
}

/** Text on one line that cannot harm a terminal. */
export function harmless(text: string): string {
  return escapeControls(text.replace(/\s+/g, ' ').trim());
}

function plain(text: string): string {
  return text;
}
