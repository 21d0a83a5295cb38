import { z } from 'zod';
import { type Behaviour, behaviourKind } from '../behaviour.ts';
import { replySchema, thenSchema } from '../options.ts';

/**
 * What a bare LF in a message does. Usually it is part of the text, or ends a line of it at most. Where it counts as much
 * as CRLF, LF . LF ends the message, and a second one can be smuggled in behind it: CVE-2023-51764. A careful host
 * refuses the whole message. RFC 5321 2.3.8 (rules DAT-02, DAT-03)
 */
export const bareLineFeed = behaviourKind({
  name: 'bare-line-feed',
  options: z
    .strictObject({
      ends: z.enum(['line', 'message']).optional(),
      reply: replySchema.optional().describe('what a message with a bare LF gets at its end'),
      then: thenSchema.optional(),
    })
    .refine(({ ends, reply }) => (ends === undefined) !== (reply === undefined), {
      message: 'needs either ends or reply',
    }),
  create({ ends = 'line', reply, then }): Behaviour {
    return {
      name: 'bare-line-feed',
      bareLineFeed: ends,
      at: reply ? ['message'] : [],
      decide: ({ message }, next) =>
        reply && /(?:^|[^\r])\n/.test(message?.toString('latin1') ?? '')
          ? { kind: 'reply', reply, ...(then ? { then } : {}) }
          : next(),
    };
  },
});
