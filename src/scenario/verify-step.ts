import { isIP } from 'node:net';
import { z } from 'zod';
import { durationSchema } from '../datafile/schemas.ts';
import { parseMailbox } from '../smtp/mailbox.ts';
import { patienceSchema, retrySchema, titleSchema, tlsSchema } from './step-parts.ts';
import { verifyExpectationSchema } from './verify-expectation.ts';

const mostAddresses = 10_000;

const senderSchema = z.string().superRefine((text, context) => {
  const mailbox = text === '' || text === '<>' ? undefined : parseMailbox(text);
  if (mailbox && 'fault' in mailbox)
    context.addIssue({ code: 'custom', message: `is not an address: ${mailbox.fault}` });
});

const share = z.number().min(0).max(1);

const priorsSchema = z
  .strictObject({
    exists: share.optional().describe('of addresses asked about, the share that exists'),
    'catch-all': share.optional().describe('of domains, the share that accepts everything'),
  })
  .describe('how often things are as they are, before anything was asked: shares from 0 to 1');

const limit = z.number().int().min(1).max(10_000).optional();

const mannersSchema = z
  .strictObject({
    parallel: limit.describe('connections at the same time'),
    'per-second': z
      .number()
      .positive()
      .max(10_000)
      .optional()
      .describe('addresses asked about, in the long run'),
    'per-connection': limit.describe('addresses asked about in one connection'),
    'per-transaction': limit.describe('addresses asked about in one transaction'),
  })
  .describe('how much may be asked of one operator; for a list of addresses');

/** Finds out about addresses: up to RCPT, with controls, and again where a host puts us off. */
export const verifyStepSchema = z
  .strictObject({
    verify: z
      .union([z.string(), z.array(z.string()).min(1).max(mostAddresses)])
      .describe('an address to find out about, or a list of them, which share connections'),
    sender: senderSchema.optional().describe('the envelope sender; <> for none'),
    helo: z.string().min(1).optional(),
    from: z
      .string()
      .refine((text) => isIP(text) !== 0, { message: 'is not an IP address' })
      .optional()
      .describe('the client address to come from'),
    tls: tlsSchema.optional(),
    patience: patienceSchema.optional(),
    retry: z
      .union([z.literal('none'), retrySchema])
      .optional()
      .describe(
        'when to ask again where a host puts us off, in place of the schedules of the verifier; none asks once',
      ),
    'control-gap': durationSchema
      .optional()
      .describe('between two control addresses that are to be independent of each other'),
    priors: priorsSchema.optional(),
    manners: mannersSchema.optional(),
    expect: verifyExpectationSchema.optional(),
    title: titleSchema,
  })
  .superRefine(({ verify, manners, expect }, context) => {
    if (typeof verify === 'string' && manners !== undefined)
      context.addIssue({ code: 'custom', path: ['manners'], message: 'is for a list of addresses' });
    const addresses = typeof verify === 'string' ? [verify] : verify;
    for (const [i, address] of addresses.entries())
      if (addresses.indexOf(address) < i)
        context.addIssue({ code: 'custom', path: ['verify', i], message: 'stands in the list twice' });
    for (const [i, { addresses: named = {} }] of (expect ?? []).entries())
      for (const address of Object.keys(named))
        if (!addresses.includes(address))
          context.addIssue({
            code: 'custom',
            path: ['expect', ...(expect && expect.length > 1 ? [i] : []), 'addresses', address],
            message: 'is not an address that this step verifies',
          });
  });

export type VerifyStep = z.output<typeof verifyStepSchema>;
