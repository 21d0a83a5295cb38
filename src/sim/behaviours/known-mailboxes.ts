import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { replySchema, thenSchema } from '../options.ts';

/** Refuses recipients by the state of their mailbox in the profile: a state with a reply gets it, others are let in. */
export const knownMailboxes = behaviourKind({
  name: 'known-mailboxes',
  options: z.strictObject({
    replies: z
      .record(z.string(), replySchema)
      .describe('state to reply, such as unknown: 550 5.1.1 No such user'),
    at: z
      .enum(['rcpt', 'message'])
      .default('rcpt')
      .describe('when the host looks: Yahoo looks only at the message'),
    then: thenSchema.optional(),
  }),
  create({ replies, at, then }) {
    return {
      name: 'known-mailboxes',
      at: [at],
      decide({ address, session, mailboxState }, next) {
        const looked = at === 'rcpt' ? [address] : session.recipients;
        for (const recipient of looked) {
          const reply = replies[mailboxState(recipient)];
          if (reply) return { kind: 'reply', reply, ...(then ? { then } : {}) };
        }
        return next();
      },
    };
  },
});
