import { readFileSync } from 'node:fs';
import type { Manners } from '../../src/exam/manners.ts';
import type { Mark } from '../../src/exam/mark.ts';

/** What an exam came to, without what differs from run to run. */
export interface ScoreCardFile {
  readonly counts: Readonly<Record<Mark, number>>;
  readonly manners: Manners;
  /** Case and address to mark. */
  readonly marks: Readonly<Record<string, Mark>>;
}

export const scoreCardsFile = new URL('validators/score-cards.json', import.meta.url);

/** The score cards of the last exam that was kept, by validator: its name and version, as the README names it. */
export function keptScoreCards(): Readonly<Record<string, ScoreCardFile>> {
  return JSON.parse(readFileSync(scoreCardsFile, 'utf8'));
}
