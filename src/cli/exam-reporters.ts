import { writeFileSync } from 'node:fs';
import type { ScoreCard } from '../exam/score-card.ts';
import { examHtml } from '../report/exam/html.ts';
import { examJson } from '../report/exam/json.ts';
import { examJUnit } from '../report/exam/junit.ts';
import { renderScoreCard } from '../report/exam/terminal.ts';
import { createPalette } from '../report/palette.ts';
import { UsageError } from './exit.ts';
import type { Surroundings } from './surroundings.ts';
import { writing } from './writing.ts';

const reporters = { terminal: undefined, json: examJson, html: examHtml, junit: examJUnit } as const;

/** A reporter, and the file it writes instead of standard output. */
type Wish = { readonly name: keyof typeof reporters; readonly file: string | undefined };

/** The terminal is one of them where no other one is without a file. Throws a UsageError for a name that is none. */
export function readReporters(wanted: readonly string[]): readonly Wish[] {
  const wishes = wanted.map((spec): Wish => {
    const [, name = '', file] = /^([^=]*)(?:=(.*))?$/s.exec(spec) ?? [];
    if (!Object.hasOwn(reporters, name))
      throw new UsageError(`there is no reporter called ${name}; there are terminal, json, html and junit.`);
    return { name: name as Wish['name'], file };
  });
  return wishes.some(({ file }) => file === undefined)
    ? wishes
    : [{ name: 'terminal', file: undefined }, ...wishes];
}

export function write(card: ScoreCard, wishes: readonly Wish[], surroundings: Surroundings): void {
  const { columns, colours: colour, unicode } = surroundings;
  for (const { name, file } of wishes) {
    const text =
      reporters[name]?.(card) ??
      `${renderScoreCard(card, { palette: createPalette({ colour: file === undefined ? colour : 0, unicode }), columns }).join('\n')}\n`;
    if (file === undefined) surroundings.write(text);
    else save(file, text);
  }
}

/** Throws a UsageError where the file cannot be written. */
export const save = (file: string, text: string): void => writing(file, () => writeFileSync(file, text));
