import { z } from 'zod';
import { durationSchema, notEmpty } from '../datafile/schemas.ts';
import { closest } from '../datafile/suggest.ts';
import { type ReplyPattern, readReplyPattern } from '../smtp/reply-pattern.ts';
import { stages } from '../smtp/stage.ts';

/** Ways for a connection to end that a scenario can name. */
export const endingNames = {
  closed: 'the host closes the connection (FIN)',
  reset: 'the host resets the connection (RST)',
  silence: 'nothing comes within our patience',
  misspoke: 'what comes is not an SMTP reply',
  refused: 'the connection is refused',
  unreachable: 'there is no way to the host',
  'connect-timeout': 'the connection is not answered',
  'tls-failed': 'the TLS handshake fails',
  'no-host': 'DNS names no host to go to',
  withheld: 'our own client does not send it, because the rules forbid it',
} as const;

export type EndingName = keyof typeof endingNames;

const replyExample = 'is not a reply such as 250, 4xx, "450 4.7.1" or "5xx 5.7.x"';

export const patternSchema = z
  .union([z.string(), z.number().int()])
  .refine((text) => readReplyPattern(text) !== undefined, { message: replyExample })
  .transform((text) => readReplyPattern(text) as ReplyPattern);

const names = Object.keys(endingNames) as [EndingName, ...EndingName[]];

const wordSchema = z
  .union([z.string(), z.number().int()])
  .superRefine((word, context) => {
    if (readReplyPattern(word) || names.includes(word as EndingName)) return;
    const meant = closest(`${word}`, names);
    context.addIssue({
      code: 'custom',
      message: `is neither a reply such as 250, 4xx or "450 4.7.1" nor one of: ${names.join(', ')}`,
      ...(meant === undefined ? {} : { params: { hint: `did you mean ${meant}?` } }),
    });
  })
  .transform((word): Expected => {
    const reply = readReplyPattern(word);
    return reply ? { word: true, reply } : { word: true, ending: word as EndingName };
  });

const textSchema = z.string().superRefine((text, context) => {
  const fault = faultOfPattern(text);
  if (fault !== undefined) context.addIssue({ code: 'custom', message: fault });
});

export const textsSchema = z
  .union([textSchema, z.array(textSchema).min(1)])
  .transform((texts) => (Array.isArray(texts) ? texts : [texts]))
  .describe('a part of the words of the reply, or a /regular expression/');

function faultOfPattern(text: string): string | undefined {
  const source = regexSource(text);
  if (source === undefined) return undefined;
  try {
    new RegExp(source, 'i');
    return undefined;
  } catch (error) {
    return `is not a regular expression: ${(error as Error).message.replace(/^.*: /s, '')}`;
  }
}

/** The inside of `/.../`, or `undefined` for plain text. */
export function regexSource(text: string): string | undefined {
  return /^\/(.+)\/$/s.exec(text)?.[1];
}

const keywordsSchema = z.array(z.string().toUpperCase());

const mappingSchema = z
  .strictObject({
    reply: z.union([patternSchema, z.array(patternSchema).min(1)]).optional(),
    ending: z.enum(names).optional(),
    text: textsSchema.optional(),
    lines: z.number().int().min(1).optional().describe('how many lines the reply has'),
    reason: z.string().optional().describe('the reason that the explanation gives, such as greylisted'),
    stage: z
      .enum(stages as [string, ...string[]])
      .optional()
      .describe('where an attempt was decided'),
    capabilities: z
      .strictObject({
        has: keywordsSchema.optional(),
        lacks: keywordsSchema.optional(),
        exactly: keywordsSchema.optional(),
      })
      .optional(),
    tls: z
      .union([z.boolean(), z.strictObject({ trusted: z.boolean().optional(), why: z.string().optional() })])
      .optional()
      .describe('whether the session is under TLS, or what is said of the certificate'),
    oddity: z.string().optional().describe('a departure from the grammar, such as "bare LF"'),
    within: durationSchema.optional().describe('no later than this after the command'),
    'at-least': durationSchema.optional().describe('no sooner than this after the command'),
    'closed-by': z
      .enum(['host', 'nobody'])
      .optional()
      .describe('whether the host hangs up behind its reply, unasked'),
    attempts: z.number().int().min(1).optional().describe('how many tries it took'),
    recipients: z.record(z.string(), wordSchema).optional().describe('what each recipient of an attempt got'),
  })
  .refine(...notEmpty('expects nothing'))
  .transform(
    ({ reply, ...rest }): Expected => ({
      ...rest,
      ...(reply === undefined ? {} : Array.isArray(reply) ? { replies: reply } : { reply }),
    }),
  );

/** One thing expected; everything named in it must hold. */
export interface Expected {
  /** It is written as one word and not as a mapping. */
  readonly word?: true;
  readonly reply?: ReplyPattern;
  /** Any one of these. */
  readonly replies?: readonly ReplyPattern[];
  readonly ending?: EndingName | undefined;
  readonly text?: readonly string[] | undefined;
  readonly lines?: number | undefined;
  readonly reason?: string | undefined;
  readonly stage?: string | undefined;
  readonly capabilities?:
    | {
        readonly has?: string[] | undefined;
        readonly lacks?: string[] | undefined;
        readonly exactly?: string[] | undefined;
      }
    | undefined;
  readonly tls?:
    | boolean
    | { readonly trusted?: boolean | undefined; readonly why?: string | undefined }
    | undefined;
  readonly oddity?: string | undefined;
  readonly within?: number | undefined;
  readonly 'at-least'?: number | undefined;
  readonly 'closed-by'?: 'host' | 'nobody' | undefined;
  readonly attempts?: number | undefined;
  readonly recipients?: Readonly<Record<string, Expected>> | undefined;
}

/** A word, a mapping, or a list of alternatives. */
export const expectationSchema = z
  .union([wordSchema, mappingSchema, z.array(z.union([wordSchema, mappingSchema])).min(1)])
  .transform((expected): readonly Expected[] => (Array.isArray(expected) ? expected : [expected]))
  .describe(
    'what the step must come to: a reply, an ending, a mapping of both and more, or a list of alternatives',
  );

export type Expectation = z.output<typeof expectationSchema>;
