import { z } from 'zod';
import { adviceSchema, retrySchema, type VerifierData, verifierSchema } from './rule.ts';
import { abouts, type Conclusion, type Reason, reasons } from './vocabulary.ts';

const reasonSchema = z.strictObject({
  title: z.string().min(1),
  about: z.enum(abouts),
  says: z.string().min(1),
  causes: z.array(z.string().min(1)).min(1),
  advice: adviceSchema,
  retry: retrySchema,
  verifier: verifierSchema,
});

/** What every reason amounts to where a rule does not know better. */
export const reasonsSchema = z.strictObject({
  title: z.string(),
  reasons: z.record(z.enum(reasons), reasonSchema),
});

export type ReasonData = z.infer<typeof reasonSchema>;
export type ReasonBook = Readonly<Record<Reason, ReasonData>>;

/** The conclusion for one first digit. */
export function conclusionFor(verifier: VerifierData, digit: number): Conclusion {
  if (typeof verifier === 'string') return verifier;
  return verifier[digit as 2 | 4 | 5] ?? 'unknown';
}
