import { closest } from '../../datafile/suggest.ts';
import { parseDuration } from '../../time/duration.ts';
import { type SubReason, subReasons, type Verdict, verdicts } from '../vocabulary.ts';

/** What is counted: results of a verdict or a sub-reason, and `blocked`: our address is refused, whoever is asked about. */
export type Counted = Verdict | SubReason | 'blocked';

/** How much of something is too much. */
export interface Threshold {
  /** As it was written. */
  readonly text: string;
  readonly what: Counted;
  /** More than this is too much: a share from 0 to 1, or a number of results. */
  readonly above: number;
  readonly unit: 'share' | 'results';
  /** Over the latest so many results, or those of the latest so many ms. */
  readonly window: { readonly results: number } | { readonly ms: number };
}

/** A threshold that is none, and where in its text. */
export interface ThresholdFault {
  /** As the end of a sentence about the marked part: `is nothing that can be counted`. */
  readonly fault: string;
  readonly at: number;
  readonly length: number;
}

/** What cannot be counted with a ring of one byte for each result. */
const largestWindow = 1_000_000;
const usualWindow = 1_000;

const names: ReadonlySet<string> = new Set<string>(['blocked', ...verdicts, ...subReasons]);

/**
 * Reads `WHAT>HOW-MUCH[/WINDOW]`: `blocked>5%`, `unknown>30%/500` (of the latest 500 results), `greylisted>200/10m` (in ten minutes).
 * Without a window, the latest 1,000 results.
 */
export function parseThreshold(text: string): Threshold | ThresholdFault {
  const [, what = '', gap = '', amount = '', slash = '', size = ''] =
    /^([^>]*)(>?)([^/]*)(\/?)(.*)$/s.exec(text) ?? [];
  const name = what.trim();
  if (!names.has(name)) return notCounted(name, text.indexOf(name), what.length);
  const behind = what.length + gap.length;
  if (gap === '') return mark('needs > and how much is too much: blocked>5%', text, what.length, 0);
  const much = /^\s*(\d{1,9}(?:\.\d{1,6})?)(%?)\s*$/.exec(amount);
  const value = Number(much?.[1]);
  if (!much || (much[2] === '' && !Number.isInteger(value)) || (much[2] === '%' && value >= 100))
    return mark('is neither a share such as 5% (below 100%) nor a whole number', text, behind, amount.length);
  const window = slash === '' ? { results: usualWindow } : windowOf(size.trim());
  if (!window)
    return mark(
      'is neither a number of results (up to 1000000) nor a time such as 10m',
      text,
      behind + amount.length + 1,
      size.length,
    );
  if (much[2] === '' && 'results' in window && value >= window.results)
    return mark(`cannot be passed by ${window.results} results`, text, behind, amount.length);
  const above = much[2] === '%' ? value / 100 : value;
  return {
    text: text.trim(),
    what: name as Counted,
    above,
    unit: much[2] === '%' ? 'share' : 'results',
    window,
  };
}

function windowOf(text: string): Threshold['window'] | undefined {
  if (/^[1-9]\d{0,6}$/.test(text) && Number(text) <= largestWindow) return { results: Number(text) };
  const ms = parseDuration(text);
  return ms === undefined || ms < 1_000 ? undefined : { ms };
}

function notCounted(name: string, at: number, length: number): ThresholdFault {
  const near = closest(name, names);
  const help = near === undefined ? 'blocked, a verdict or a sub-reason is' : `did you mean ${near}?`;
  return {
    fault: `is nothing that can be counted; ${help}`,
    at: Math.max(0, at),
    length: name.length || length,
  };
}

const mark = (fault: string, text: string, at: number, length: number): ThresholdFault => ({
  fault,
  at: Math.min(at, text.length),
  length: Math.max(1, length),
});
