import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { replySchema } from '../options.ts';

/** Answers VRFY by the state of the mailbox, as Postfix does; a state without a reply is answered as usual. RFC 5321 3.5 */
export const verifyCommand = behaviourKind({
  name: 'verify-command',
  options: z.strictObject({
    replies: z
      .record(z.string(), replySchema)
      .describe('state to reply, such as unknown: 550 5.1.1 No such user'),
  }),
  create: ({ replies }) => ({
    name: 'verify-command',
    at: ['command'],
    decide({ verb, argument, mailboxState }, next) {
      const reply = verb === 'VRFY' ? replies[mailboxState(argument.replace(/^<(.*)>$/, '$1'))] : undefined;
      return reply ? { kind: 'reply', reply } : next();
    },
  }),
});
