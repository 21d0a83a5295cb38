import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { countSchema, replySchema } from '../options.ts';

/**
 * So many RCPT commands in a session (Outlook's single-recipient brake: order matters, a control address spends the
 * budget), or accepted recipients in a transaction. RFC 5321 4.5.3.1.10 asks for 452
 */
export const recipientBudget = behaviourKind({
  name: 'recipient-budget',
  options: z.strictObject({
    limit: countSchema,
    per: z.enum(['session', 'transaction']).default('session'),
    reply: replySchema,
  }),
  create: ({ limit, per, reply }) => ({
    name: 'recipient-budget',
    at: ['rcpt'],
    decide({ session }, next) {
      const spent = per === 'session' ? session.rcptCommands : session.recipients.length;
      return spent >= limit ? { kind: 'reply', reply } : next();
    },
  }),
});
