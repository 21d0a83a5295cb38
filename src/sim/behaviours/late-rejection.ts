import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { replySchema, thenSchema } from '../options.ts';

/** Lets everybody in at RCPT and refuses once the message is there: all of them, or those with certain local parts. */
export const lateRejection = behaviourKind({
  name: 'late-rejection',
  options: z.strictObject({
    reply: replySchema,
    for: z.array(z.string()).optional().describe('local parts; without it every message is refused'),
    then: thenSchema.optional(),
  }),
  create({ reply, for: locals, then }) {
    const refused = locals && new Set(locals.map((local) => local.toLowerCase()));
    const concerned = (address: string): boolean =>
      !refused || refused.has(address.slice(0, address.lastIndexOf('@')).toLowerCase());
    return {
      name: 'late-rejection',
      at: ['message'],
      decide: ({ session }, next) =>
        session.recipients.some(concerned) ? { kind: 'reply', reply, ...(then ? { then } : {}) } : next(),
    };
  },
});
