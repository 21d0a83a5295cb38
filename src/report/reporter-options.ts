import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Clock } from '../time/clock.ts';
import type { ColourLevel } from './palette.ts';

/**
 * How much is shown of dialogues. `full`: all of them, and nothing shortened. `examples`: of a few files one for each, of
 * many those that bring something new, and every failed one. `failures`: the failed ones, and a line for each of the
 * others. `summary`: none, only what failed and the totals.
 */
export const details = ['full', 'examples', 'failures', 'summary'] as const;

export type Detail = (typeof details)[number];

/** What a reporter is given by whoever sets it up. */
export interface ReporterOptions {
  /** Takes text that is safe for a terminal. */
  readonly write: (text: string) => void;
  readonly knowledge: Knowledge;
  /** Width to fit text to. */
  readonly columns: number;
  readonly colour: ColourLevel;
  /** Whether characters outside ASCII may be drawn with. */
  readonly unicode: boolean;
  /** Whether `write` leads to a terminal, where lines can be written over. */
  readonly isTerminal: boolean;
  /** `examples` unless said otherwise. */
  readonly detail?: Detail | undefined;
  /** File names are shown relative to this folder where they are below it. */
  readonly directory?: string | undefined;
  /** The world's clock, to turn the spinner by; without it the spinner turns as scenarios go by. */
  readonly clock?: Clock | undefined;
}
