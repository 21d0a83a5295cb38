import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import type { Decision } from '../decision.ts';
import { replySchema, stageSchema } from '../options.ts';

/**
 * Sender addresses that belong to users: whoever writes in the name of one must have logged in as its owner. Addresses
 * without an owner are anybody's, or nobody's. RFC 6409 6.1
 */
export const senderLogin = behaviourKind({
  name: 'sender-login',
  options: z.strictObject({
    owners: z.record(z.string(), z.string()).describe('address, or @domain, to the user it belongs to'),
    at: stageSchema.default('mail'),
    'not-owner': replySchema.describe('what another user gets'),
    'not-logged-in': replySchema.describe('what somebody without login gets'),
    others: z
      .enum(['anybody', 'nobody'])
      .default('anybody')
      .describe('who may use an address that nobody owns'),
  }),
  create(options) {
    const owners = new Map(
      Object.entries(options.owners).map(([address, user]) => [address.toLowerCase(), user]),
    );
    const says = (reply: (typeof options)['not-owner']): Decision => ({ kind: 'reply', reply });
    return {
      name: 'sender-login',
      at: [options.at],
      decide({ stage, address, session }, next) {
        const sender = (stage === 'mail' ? address : (session.sender ?? '')).toLowerCase();
        if (sender === '') return next(); // RFC 5321 4.5.5
        const owner = owners.get(sender) ?? owners.get(sender.slice(sender.lastIndexOf('@')));
        if (owner === undefined && options.others === 'anybody') return next();
        if (session.user === undefined) return says(options['not-logged-in']);
        return owner === session.user ? next() : says(options['not-owner']);
      },
    };
  },
});
