import { z } from 'zod';
import { type Behaviour, behaviourKind } from '../behaviour.ts';
import { replySchema } from '../options.ts';

/** Users who may log in, and whether anybody else may send. RFC 4954 6, RFC 6409 4.3 (rule SUB-02) */
export const accounts = behaviourKind({
  name: 'accounts',
  options: z.strictObject({
    users: z.record(z.string(), z.string()).describe('name to password'),
    'required-reply': replySchema
      .optional()
      .describe('what MAIL gets without login; absent: login is optional'),
  }),
  create(options): Behaviour {
    const required = options['required-reply'];
    return {
      name: 'accounts',
      at: required ? ['mail'] : [],
      accounts: new Map(Object.entries(options.users)),
      decide: ({ session }, next) =>
        required && session.user === undefined ? { kind: 'reply', reply: required } : next(),
    };
  },
});
