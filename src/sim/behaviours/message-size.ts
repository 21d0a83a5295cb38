import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { countSchema, replySchema } from '../options.ts';

/** Refuses a message that turned out larger than the host takes, whatever SIZE said. RFC 1870 6.3 */
export const messageSize = behaviourKind({
  name: 'message-size',
  options: z.strictObject({
    limit: countSchema.describe('bytes'),
    reply: replySchema,
  }),
  create: ({ limit, reply }) => ({
    name: 'message-size',
    at: ['message'],
    decide: ({ messageBytes }, next) => (messageBytes > limit ? { kind: 'reply', reply } : next()),
  }),
});
