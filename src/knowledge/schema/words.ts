import { z } from 'zod';
import { dangerOf } from '../pattern.ts';

/** Something to be read. */
export const prose = z.string().min(1);

/** A regular expression, case-insensitive, that hostile text cannot make slow. */
export const pattern = z.string().superRefine((source, context) => {
  const danger = dangerOf(source);
  if (danger !== undefined) context.addIssue({ code: 'custom', message: danger });
});
