import { z } from 'zod';
import { durationSchema } from '../../src/datafile/schemas.ts';

const replySchema = z
  .union([z.string(), z.number().transform(String)])
  .refine(
    (text) => /^[2-5](\d\d|xx)( \d\.\d+\.\d+)?$/.test(text),
    'is not a reply like 250, 4xx or 450 4.7.1',
  );

const expectation = z.union([
  z.enum(['closed', 'reset', 'silence']),
  replySchema,
  z.strictObject({
    reply: replySchema,
    text: z.string().optional(),
    within: durationSchema.optional(),
  }),
]);

const common = { as: z.string().optional(), expect: expectation.optional() };

const step: z.ZodType = z.lazy(() =>
  z.union([
    z.strictObject({ connect: z.string(), ...common }),
    z.strictObject({ mail: z.string(), size: z.int().min(1).optional(), ...common }),
    z.strictObject({ rcpt: z.string(), ...common }),
    z.strictObject({ wait: durationSchema }),
    z.strictObject({ repeat: z.int().min(1).max(1000), steps: z.array(step).min(1) }),
    z.enum(['quit', 'rset', 'noop']),
  ]),
);

/** A file with one of everything that the reader must be able to refuse. */
export const sampleSchema = z.strictObject({
  title: z.string().min(1).optional(),
  window: durationSchema.optional(),
  expires: durationSchema.optional(),
  style: z.enum(['plain', 'fancy', 'quiet']).optional(),
  port: z.int().min(1).max(65535).optional(),
  live: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  mailboxes: z
    .record(z.string().regex(/^[a-z*]+$/, 'is not a mailbox name'), z.enum(['exists', 'full']))
    .optional(),
  limit: z.union([z.number(), z.literal('none')]).optional(),
  auth: z
    .discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('plain'), user: z.string() }),
      z.strictObject({ kind: z.literal('token'), token: z.string() }),
    ])
    .optional(),
  anything: z.unknown().optional(),
  steps: z.array(step).optional(),
});
