import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { countSchema, replySchema } from '../options.ts';

/**
 * So many RCPT commands in a session (Outlook's single-recipient brake: order matters, a control address spends the
 * budget), or accepted recipients, or their domains, in a transaction. RFC 5321 4.5.3.1.10 asks for 452
 */
export const recipientBudget = behaviourKind({
  name: 'recipient-budget',
  options: z.strictObject({
    limit: countSchema,
    per: z.enum(['session', 'transaction']).default('session'),
    counts: z.enum(['recipients', 'domains']).default('recipients'),
    reply: replySchema,
  }),
  create: ({ limit, per, counts, reply }) => ({
    name: 'recipient-budget',
    at: ['rcpt'],
    decide({ session, address }, next) {
      if (counts === 'domains') {
        const domains = new Set([...session.recipients, address].map(domainOf));
        return domains.size > limit ? { kind: 'reply', reply } : next();
      }
      const spent = per === 'session' ? session.rcptCommands : session.recipients.length;
      return spent >= limit ? { kind: 'reply', reply } : next();
    },
  }),
});

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();
