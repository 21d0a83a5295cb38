import { z } from 'zod';
import { stages } from '../../smtp/stage.ts';
import { abouts, conclusions, reasons, retries } from '../vocabulary.ts';
import { pattern, prose } from './words.ts';

const oneOrMore = <T extends z.ZodType>(item: T) => z.union([item, z.array(item).min(1)]);

/** `5.1.1`, `X.7.1` for any class, `5.7.606-649` for a range of details, `5.7.*` for a whole subject. */
export const codePattern = z
  .string()
  .regex(
    /^[245X]\.\d{1,3}\.(?:\d{1,3}(?:-\d{1,3})?|\*)$/,
    'is not a code such as 5.1.1, X.7.1, 5.7.606-649 or 5.7.*',
  );

export const retrySchema = z.union([z.enum(retries), z.strictObject({ when: z.enum(retries), note: prose })]);

/** To the sender; or to each of the people who may read the report. */
export const adviceSchema = z.union([
  prose,
  z.strictObject({ sender: prose.optional(), admin: prose.optional(), validator: prose.optional() }),
]);

/** What a validator may conclude; by first digit where that makes the difference. */
export const verifierSchema = z.union([
  z.enum(conclusions),
  z.strictObject({
    2: z.enum(conclusions).optional(),
    4: z.enum(conclusions).optional(),
    5: z.enum(conclusions).optional(),
  }),
]);

const matchSchema = z.strictObject({
  class: oneOrMore(z.literal([2, 3, 4, 5])).optional(),
  code: oneOrMore(z.int().min(200).max(599)).optional(),
  enhanced: oneOrMore(codePattern).optional(),
  stage: oneOrMore(z.enum(stages)).optional(),
  provider: oneOrMore(prose).optional(),
  /** Any of these in the words. */
  text: oneOrMore(pattern).optional(),
  /** None of these in the words. */
  unless: oneOrMore(pattern).optional(),
  /** Or any of these in its links and host names, for replies that say nothing else. */
  link: oneOrMore(pattern).optional(),
});

const exampleSchema = z.union([
  prose,
  z.strictObject({
    reply: oneOrMore(prose),
    stage: z.enum(stages).optional(),
    provider: prose.optional(),
    /** Where it was seen. */
    source: prose.optional(),
  }),
]);

const ruleSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/, 'is not a name of lower-case letters, digits and hyphens'),
  reason: z.enum(reasons),
  about: z.enum(abouts).optional(),
  match: matchSchema,
  says: prose,
  causes: z.array(prose).min(1).optional(),
  advice: adviceSchema.optional(),
  retry: retrySchema.optional(),
  verifier: verifierSchema.optional(),
  confidence: z.number().gt(0).max(1).optional(),
  /** Reads a status code against its registered meaning; said in the explanation. */
  misuse: prose.optional(),
  examples: z.array(exampleSchema).min(1),
});

/** A file of rules. The first that matches wins. */
export const rulesSchema = z.strictObject({
  title: prose,
  source: prose.optional(),
  /** All rules of the file hold only for this provider, unless a rule names its own. */
  provider: prose.optional(),
  rules: z.array(ruleSchema).min(1),
});

export type RuleData = z.infer<typeof ruleSchema>;
export type RulesData = z.infer<typeof rulesSchema>;
export type MatchData = z.infer<typeof matchSchema>;
export type ExampleData = z.infer<typeof exampleSchema>;
export type AdviceData = z.infer<typeof adviceSchema>;
export type RetryData = z.infer<typeof retrySchema>;
export type VerifierData = z.infer<typeof verifierSchema>;
