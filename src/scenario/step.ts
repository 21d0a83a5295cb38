import { z } from 'zod';
import { durationSchema } from '../datafile/schemas.ts';
import { expectationSchema } from './expectation.ts';
import { patienceSchema, retrySchema, titleSchema, tlsSchema } from './step-parts.ts';
import { verifyStepSchema } from './verify-step.ts';

const parametersSchema = z
  .record(z.string().toUpperCase(), z.union([z.string(), z.number().transform(String), z.literal(true)]))
  .describe('parameters such as SIZE: 1000 or SMTPUTF8: true');

/** What every step may say besides its verb. */
const common = {
  expect: expectationSchema.optional(),
  title: titleSchema,
};

/** What every command may say: `on` names the session when there are several. */
const command = {
  ...common,
  on: z.string().optional().describe('the session to use, by the name that connect gave it with as:'),
  patience: durationSchema.optional().describe('how long to wait for this reply'),
  force: z.literal(true).optional().describe('send it even if our client knows it to be wrong'),
};

/** Of a group every command is judged, not the group. */
const { expect: _, ...unjudged } = command;

const nothing = z.null();

/** Steps that are one command each; `said` is what every one of them may say besides. */
function commandsWith<S extends z.core.$ZodLooseShape>(said: S) {
  return [
    z.strictObject({ ehlo: z.string(), ...said }),
    z.strictObject({ helo: z.string(), ...said }),
    z.strictObject({ mail: z.string(), params: parametersSchema.optional(), ...said }),
    z.strictObject({ rcpt: z.string(), params: parametersSchema.optional(), ...said }),
    z.strictObject({ rset: nothing, ...said }),
    z.strictObject({ noop: z.string().nullable(), ...said }),
    z.strictObject({ vrfy: z.string(), ...said }),
    z.strictObject({ expn: z.string(), ...said }),
    z.strictObject({ help: z.string().nullable(), ...said }),
    z.strictObject({ quit: nothing, ...said }),
  ] as const;
}

const commandSteps = commandsWith(command);

/** In a group DATA is the bare command: its answer is 354 or a refusal. RFC 2920 3.1 */
const groupSteps = [...commandsWith(common), z.strictObject({ data: nothing, ...common })] as const;

const groupStep = z.union([
  z
    .enum(['rset', 'noop', 'help', 'quit', 'data'])
    .transform((verb) => ({ [verb]: null }) as unknown as GroupStep),
  ...groupSteps,
]);

const messageSchema = z
  .union([
    z.string(),
    nothing,
    z.strictObject({
      size: z
        .number()
        .int()
        .min(1)
        .max(64 * 1024 * 1024)
        .describe('a made-up message of so many bytes'),
    }),
  ])
  .describe('the message; without one a small message is made up');

const authSchema = z.strictObject({
  mechanism: z.enum(['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2']).optional(),
  user: z.string(),
  password: z.string().optional(),
  token: z.string().optional(),
});

const flatSteps = [
  z.strictObject({
    connect: z.string(),
    from: z.string().optional().describe('the client address to come from'),
    port: z.number().int().min(1).max(65_535).optional(),
    tls: z
      .enum(['implicit', 'none'])
      .optional()
      .describe('implicit: TLS from the first byte; none: in clear, even where the host wants TLS at once'),
    'verify-tls': z.literal(true).optional(),
    early: z
      .string()
      .optional()
      .describe('raw bytes to send before the greeting has come, as no client should'),
    as: z.string().optional(),
    patience: patienceSchema.optional(),
    ...common,
  }),
  ...commandSteps,
  z.strictObject({ starttls: nothing, ...command }),
  z.strictObject({ auth: authSchema, ...command }),
  z.strictObject({ data: messageSchema, ...command }),
  z.strictObject({ bdat: z.string(), last: z.boolean().default(true), ...command }),
  z.strictObject({
    send: z.string().describe('raw bytes with \\r \\n \\t \\0 \\xNN as escapes'),
    replies: z.number().int().min(0).max(1_000).default(1),
    ...command,
  }),
  z.strictObject({ pipeline: z.array(groupStep).min(1), ...unjudged }),
  z.strictObject({ listen: durationSchema.describe('wait so long for something unasked'), ...command }),
  z.strictObject({ disconnect: z.enum(['close', 'reset']).nullable(), title: common.title, on: command.on }),
  z.strictObject({ wait: durationSchema, title: common.title }),
  z.strictObject({
    attempt: z.union([z.string(), z.array(z.string()).min(1)]),
    sender: z.string().optional(),
    helo: z.string().optional(),
    from: z.string().optional(),
    tls: tlsSchema.optional(),
    message: messageSchema.optional(),
    patience: patienceSchema.optional(),
    retry: retrySchema.optional(),
    ...common,
  }),
  verifyStepSchema,
  z
    .strictObject({
      switch: z.string(),
      on: z.string().optional(),
      off: z.string().optional(),
      title: common.title,
    })
    .refine(({ on, off }) => (on === undefined) !== (off === undefined), {
      message: 'needs on or off, with the name of a situation',
    }),
  z.strictObject({ include: z.string(), title: common.title }),
] as const;

export type GroupStep = z.output<(typeof groupSteps)[number]>;
export type FlatStep = z.output<(typeof flatSteps)[number]>;
export type Message = z.output<typeof messageSchema>;

interface RepeatStep {
  readonly repeat: number;
  readonly steps: readonly Step[];
  readonly title?: string | undefined;
}

interface ParallelStep {
  readonly parallel: readonly (readonly Step[])[];
  readonly title?: string | undefined;
}

export type Step = FlatStep | RepeatStep | ParallelStep;

/** Verbs that may stand alone: `- quit` for `- quit: null`. */
const bareVerbs = ['starttls', 'data', 'rset', 'noop', 'help', 'quit', 'disconnect'] as const;
const bareStep = z.enum(bareVerbs);

const repeatSchema = z.strictObject({
  repeat: z.number().int().min(1).max(100_000),
  title: common.title,
  get steps() {
    return stepsSchema;
  },
});

const parallelSchema = z.strictObject({
  title: common.title,
  get parallel() {
    return z.array(stepsSchema).min(1);
  },
});

/** One verb for each step. */
export const stepSchema: z.ZodType<Step> = z.union([
  bareStep.transform((verb) => ({ [verb]: null }) as unknown as Step),
  ...flatSteps,
  repeatSchema,
  parallelSchema,
]);

export const stepsSchema: z.ZodType<readonly Step[]> = z.array(stepSchema).min(1);
