import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import type { Decision } from '../decision.ts';
import { countSchema, replySchema } from '../options.ts';

/** So many messages for each connection; the next MAIL gets the reply, or the connection ends without a word (Yahoo). */
export const messageLimit = behaviourKind({
  name: 'message-limit',
  options: z.strictObject({
    limit: countSchema,
    reply: replySchema.optional(),
    how: z.enum(['close', 'reset', 'keep']).default('close').describe('what becomes of the connection'),
  }),
  create({ limit, reply, how }) {
    const hangUp = how === 'keep' ? undefined : how;
    const decision: Decision = reply
      ? { kind: 'reply', reply, ...(hangUp ? { then: hangUp } : {}) }
      : { kind: hangUp ?? 'silence' };
    return {
      name: 'message-limit',
      at: ['mail'],
      decide: ({ session }, next) => (session.messages >= limit ? decision : next()),
    };
  },
});
