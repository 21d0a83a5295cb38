import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { replySchema, stagesSchema } from '../options.ts';
import { wording } from '../wording.ts';

/** Takes no mail in clear: everything but NOOP, EHLO, STARTTLS and QUIT gets 530. RFC 3207 4 (rule TLS-05) */
export const requireTls = behaviourKind({
  name: 'require-tls',
  options: z.strictObject({
    at: stagesSchema.optional().describe('every command of a transaction, unless said otherwise'),
    reply: replySchema.default(wording('530 5.7.0 Must issue a STARTTLS command first')),
  }),
  create: ({ at, reply }) => ({
    name: 'require-tls',
    at: at ?? ['auth', 'mail', 'rcpt', 'data', 'command'],
    seesFaults: true,
    decide: ({ session, verb }, next) => (session.tls || verb === 'NOOP' ? next() : { kind: 'reply', reply }),
  }),
});
