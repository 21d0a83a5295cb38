import type { Source } from '../datafile/source.ts';

/** Characters that a file may come to with all its variants and all that they include. */
const mostText = 4 * 1024 * 1024;
/** What reading even an empty file costs. */
const leastText = 1024;

/** Keeps files that include each other, or have many variants, from growing without end. */
export class ReadingBudget {
  #left = mostText;

  /** False when there is not enough left. */
  spend({ text }: Source): boolean {
    this.#left -= Math.max(leastText, text.length);
    return this.#left >= 0;
  }
}
