import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { countSchema, hostStages, replySchema, thenSchema } from '../options.ts';

/**
 * Command lines may be so long, in bytes without CRLF; where no host of this kind stands in between, 16 KiB.
 * RFC 5321 4.5.3.1.4 asks for 510 at least.
 */
export const lineLength = behaviourKind({
  name: 'line-length',
  options: z.strictObject({ limit: countSchema, reply: replySchema, then: thenSchema.optional() }),
  create: ({ limit, reply, then }) => ({
    name: 'line-length',
    outermost: true,
    seesFaults: true,
    at: hostStages.filter((stage) => stage !== 'greeting' && stage !== 'message'),
    decide({ verb, argument }, next) {
      const length = Buffer.byteLength(verb) + (argument === '' ? 0 : 1 + Buffer.byteLength(argument));
      return length > limit ? { kind: 'reply', reply, ...(then ? { then } : {}) } : next();
    },
  }),
});
