import type { StepResult } from '../../scenario/result.ts';

/** Of a repeat with more rounds than this, only the first two and the last are shown. */
const fewRounds = 4;
const shownFirst = 2;

/** What to say in front of a step because it begins another branch or round, and whether the step itself is left out. */
export interface Heading {
  readonly text?: string;
  readonly leftOut: boolean;
}

/** Tells which steps of a repeat are shown, and names rounds and branches as they begin. */
export class Rounds {
  readonly #all: boolean;
  #branch = '';

  /** With `all`, nothing is left out. */
  constructor({ all }: { readonly all: boolean }) {
    this.#all = all;
  }

  headingOf({ branch, passed }: StepResult): Heading {
    const before = this.#branch;
    this.#branch = branch;
    const [round, of] = roundOf(branch);
    const middle = !this.#all && of > fewRounds && round > shownFirst && round < of;
    if (middle && passed) {
      if (branch === before || round !== shownFirst + 1) return { leftOut: true };
      return { leftOut: true, text: `rounds ${round} to ${of - 1}: told only where something fails` };
    }
    if (branch === before || branch === '') return { leftOut: false };
    return { leftOut: false, text: branch.split(' ').map(nameOf).join(', ') };
  }
}

/** The innermost round and how many there are; no rounds are 0 of 0. */
function roundOf(branch: string): [number, number] {
  const found = /(\d+)\/(\d+)$/.exec(branch);
  return [Number(found?.[1] ?? 0), Number(found?.[2] ?? 0)];
}

function nameOf(part: string): string {
  const [round, of] = part.split('/');
  return of === undefined ? `branch ${round}` : `round ${round} of ${of}`;
}
