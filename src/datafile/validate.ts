import type { z } from 'zod';
import { explain } from './explain.ts';
import { type Fault, Unreadable } from './fault.ts';
import type { Mistake } from './mistake.ts';
import { mistakesOf } from './mistakes.ts';
import type { Path } from './positions.ts';

/** How many sentences about one value are put together, those about every option of a union included. */
const mostSentences = 200_000;
/** Nobody reads more mistakes than this in one line. */
const mostTold = 10;

const countless: Fault = { start: 0, end: 1, message: 'begins a file with more mistakes than can be told' };

/**
 * Judges a value by its schema, in our words. zod goes on to the end, however much is wrong, so our part of its work ends it:
 * throws `Unreadable` then.
 */
export function validate<T>(schema: z.ZodType<T>, value: unknown): z.ZodSafeParseResult<T> {
  let sentences = 0;
  const error = (issue: z.core.$ZodRawIssue): string => {
    if (++sentences > mostSentences) throw new Unreadable(countless);
    return explain(issue);
  };
  try {
    return schema.safeParse(value, { error });
  } catch (failure) {
    // It also hands its issues on as arguments of one call, of which the stack holds a hundred thousand or so.
    throw failure instanceof RangeError ? new Unreadable(countless) : failure;
  }
}

/** A value that does not come from a file, as its schema gives it; or all that is wrong with it, in one line. */
export function judgeValue<T>(
  value: unknown,
  schema: z.ZodType<T>,
): { readonly value: T } | { readonly wrong: string } {
  try {
    const parsed = validate(schema, value);
    if (parsed.success) return { value: parsed.data };
    const mistakes = mistakesOf(parsed.error.issues, value).slice(0, mostTold);
    return { wrong: mistakes.map(sentenceOf).join('; ') };
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    return { wrong: 'there are more mistakes than can be told' };
  }
}

function sentenceOf({ path, message, hint }: Mistake): string {
  const place = placeOf(path);
  return `${place === '' ? '' : `${place}: `}${message}${hint === undefined ? '' : ` (${hint})`}`;
}

/** `reply.lines[1]`. */
function placeOf(path: Path): string {
  return path
    .map((step, i) => (typeof step === 'number' ? `[${step}]` : `${i === 0 ? '' : '.'}${step}`))
    .join('');
}
