import { z } from 'zod';
import { durationSchema, notEmpty } from '../datafile/schemas.ts';
import type { ReplyPattern } from '../smtp/reply-pattern.ts';
import { stages } from '../smtp/stage.ts';
import {
  type Existence,
  existences,
  type SubReason,
  subReasons,
  type Verdict,
  verdicts,
} from '../verify/vocabulary.ts';
import type { Bounds } from './bounds.ts';
import { type EndingName, patternSchema, textsSchema } from './expectation.ts';

const endings = [
  'closed',
  'reset',
  'silence',
  'misspoke',
  'refused',
  'unreachable',
  'connect-timeout',
  'tls-failed',
] as const satisfies readonly EndingName[];

const confidenceWords = ['high', 'medium', 'low', 'none'] as const;

const oneOrMore = <const T extends readonly [string, ...string[]]>(words: T) =>
  z
    .union([z.enum(words), z.array(z.enum(words)).min(1)])
    .transform((chosen): readonly T[number][] => [chosen].flat() as T[number][]);

const count = z.number().int().min(0);

const countSchema = z
  .union([
    count.transform((n): Bounds => ({ 'at-least': n, 'at-most': n })),
    z
      .strictObject({ 'at-least': count.optional(), 'at-most': count.optional() })
      .refine(...notEmpty('needs at-least or at-most')),
  ])
  .describe('so many, or at-least and at-most so many');

const share = z.number().min(0).max(1);

const confidenceSchema = z
  .union([
    z.enum(confidenceWords).transform((word) => ({ word })),
    share.transform((least): Bounds => ({ 'at-least': least })),
    z
      .strictObject({ 'at-least': share.optional(), 'at-most': share.optional() })
      .refine(...notEmpty('needs at-least or at-most')),
  ])
  .describe(
    'how sure the verdict is, from 0 to 1: at least so much, high (0.95), medium (0.75) or low (0.5)',
  );

const againSchema = z
  .strictObject({ 'at-least': durationSchema.optional(), within: durationSchema.optional() })
  .refine(...notEmpty('needs at-least or within'))
  .transform(
    ({ within, ...rest }): Bounds => ({ ...rest, ...(within === undefined ? {} : { 'at-most': within }) }),
  )
  .describe('how long after the verdict it may be worth asking again');

const controlsSchema = z
  .strictObject({ accepted: countSchema.optional(), refused: countSchema.optional() })
  .refine(...notEmpty('needs accepted or refused'))
  .describe('what became of addresses that cannot exist');

/** What can be asked of each address. */
const personal = {
  verdict: oneOrMore(verdicts).optional().describe('what is concluded; a list for any one of several'),
  'sub-reason': oneOrMore(subReasons).optional().describe('why, in the words of the verifier'),
  exists: z.enum(existences).optional().describe('whether there is such a mailbox'),
  confidence: confidenceSchema.optional(),
  retryable: z.boolean().optional().describe('whether asking again later may change it'),
  'retryable-from': againSchema.optional(),
  reply: z
    .union([patternSchema, z.array(patternSchema).min(1)])
    .optional()
    .describe('the reply that decided'),
  ending: z.enum(endings).optional().describe('what decided in place of a reply'),
  text: textsSchema.optional(),
  reason: z.string().optional().describe('the reason that the explanation of the reply gives'),
  stage: z
    .enum(stages as [string, ...string[]])
    .optional()
    .describe('where it was decided'),
  attempts: countSchema.optional().describe('how often the question was put'),
  controls: controlsSchema.optional(),
  note: textsSchema.optional().describe('a part of what else the verifier says, or a /regular expression/'),
};

type Said<T extends z.ZodRawShape> = z.output<z.ZodObject<T, z.core.$strict>>;

/** Replies as a list, as elsewhere. */
function plural({ reply, ...rest }: Said<typeof personal>): AddressExpected {
  return { ...rest, ...(reply === undefined ? {} : { replies: [reply].flat() }) };
}

const wordSchema = z
  .enum(verdicts)
  .transform((verdict): VerifyExpected => ({ word: true, verdict: [verdict] }));

const addressSchema = z.union([
  wordSchema,
  z
    .strictObject(personal)
    .refine(...notEmpty('expects nothing'))
    .transform(plural),
]);

const mappingSchema = z
  .strictObject({
    ...personal,
    within: durationSchema.optional().describe('all verdicts are there no later than this'),
    'at-least': durationSchema.optional().describe('the last verdict is there no sooner than this'),
    connections: countSchema.optional().describe('how many were made, or tried'),
    addresses: z
      .record(z.string(), addressSchema)
      .optional()
      .describe('what is expected of each address of a list; of one that is left out, what stands beside'),
  })
  .refine(...notEmpty('expects nothing'))
  .transform(
    ({ within, connections, addresses, 'at-least': least, ...rest }): VerifyExpected => ({
      ...plural(rest),
      within,
      connections,
      addresses,
      'at-least': least,
    }),
  );

/** What is expected of one address; everything named in it must hold. */
export interface AddressExpected {
  /** It is written as one word and not as a mapping. */
  readonly word?: true;
  /** Any one of these. */
  readonly verdict?: readonly Verdict[] | undefined;
  readonly 'sub-reason'?: readonly SubReason[] | undefined;
  readonly exists?: Existence | undefined;
  readonly confidence?: Bounds | { readonly word: (typeof confidenceWords)[number] } | undefined;
  readonly retryable?: boolean | undefined;
  /** ms after the verdict. */
  readonly 'retryable-from'?: Bounds | undefined;
  readonly replies?: readonly ReplyPattern[];
  readonly ending?: EndingName | undefined;
  readonly text?: readonly string[] | undefined;
  readonly reason?: string | undefined;
  readonly stage?: string | undefined;
  readonly attempts?: Bounds | undefined;
  readonly controls?:
    | { readonly accepted?: Bounds | undefined; readonly refused?: Bounds | undefined }
    | undefined;
  readonly note?: readonly string[] | undefined;
}

/** What a verify step is to come to. Times are ms. */
export interface VerifyExpected extends AddressExpected {
  readonly within?: number | undefined;
  readonly 'at-least'?: number | undefined;
  readonly connections?: Bounds | undefined;
  readonly addresses?: Readonly<Record<string, AddressExpected>> | undefined;
}

/** A verdict, a mapping, or a list of alternatives. */
export const verifyExpectationSchema = z
  .union([wordSchema, mappingSchema, z.array(z.union([wordSchema, mappingSchema])).min(1)])
  .transform((expected): readonly VerifyExpected[] => (Array.isArray(expected) ? expected : [expected]))
  .describe('what is to be found out: a verdict, a mapping of it and more, or a list of alternatives');

export type VerifyExpectation = z.output<typeof verifyExpectationSchema>;
