import { z } from 'zod';
import { abouts, type Reason, reasons } from '../vocabulary.ts';
import { adviceSchema, retrySchema, verifierSchema } from './rule.ts';
import { prose } from './words.ts';

const reasonSchema = z.strictObject({
  title: prose,
  about: z.enum(abouts),
  says: prose,
  causes: z.array(prose).min(1),
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
export type ReasonsData = z.infer<typeof reasonsSchema>;
