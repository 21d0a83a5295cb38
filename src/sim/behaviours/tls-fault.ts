import { z } from 'zod';
import { type Behaviour, behaviourKind } from '../behaviour.ts';
import { replySchema } from '../options.ts';

/**
 * TLS that does not work: STARTTLS offered but refused (454), accepted and then garbage, silence or a hang-up in the
 * handshake, or a certificate that proves nothing.
 */
export const tlsFault = behaviourKind({
  name: 'tls-fault',
  options: z
    .strictObject({
      refuse: replySchema.optional().describe('the answer to STARTTLS, such as 454 4.7.0 TLS not available'),
      handshake: z.enum(['garbage', 'close', 'reset', 'silence']).optional(),
      certificate: z.enum(['expired', 'not-yet-valid', 'wrong-name', 'self-signed']).optional(),
    })
    .refine((fault) => Object.keys(fault).length === 1, {
      message: 'needs exactly one of refuse, handshake, certificate',
    }),
  create({ refuse, handshake, certificate }): Behaviour {
    if (refuse)
      return { name: 'tls-fault', at: ['starttls'], decide: () => ({ kind: 'reply', reply: refuse }) };
    return {
      name: 'tls-fault',
      at: [],
      tls: { ...(handshake ? { handshake } : {}), ...(certificate ? { certificate } : {}) },
    };
  },
});
