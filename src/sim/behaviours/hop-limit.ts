import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { countSchema, replySchema } from '../options.ts';

/** Refuses a message that has passed through so many hosts that it must be going in circles. RFC 5321 6.3 (rule DAT-07) */
export const hopLimit = behaviourKind({
  name: 'hop-limit',
  options: z.strictObject({
    limit: countSchema.describe('Received fields, its own among them, at which the message is refused'),
    reply: replySchema,
  }),
  create: ({ limit, reply }) => ({
    name: 'hop-limit',
    at: ['message'],
    decide: ({ message }, next) => (hops(message) + 1 >= limit ? { kind: 'reply', reply } : next()),
  }),
});

function hops(message: Buffer | undefined): number {
  const [header = ''] = (message?.toString('latin1') ?? '').split(/\r?\n\r?\n/, 1);
  return header.match(/^received:/gim)?.length ?? 0;
}
