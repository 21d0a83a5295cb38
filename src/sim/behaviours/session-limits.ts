import { z } from 'zod';
import { durationSchema } from '../../datafile/schemas.ts';
import { behaviourKind, type SessionLimit } from '../behaviour.ts';
import type { Decision } from '../decision.ts';
import { replySchema } from '../options.ts';

/**
 * Hangs up on sessions that idle too long or live too long, with a 421 or without a word. RFC 5321 4.5.3.2.7 asks
 * for at least five idle minutes (rule TMO-02); Microsoft 365 ends every session after some twenty.
 */
export const sessionLimits = behaviourKind({
  name: 'session-limits',
  options: z
    .strictObject({
      idle: durationSchema.optional(),
      age: durationSchema.optional(),
      reply: replySchema.optional(),
      how: z.enum(['close', 'reset']).default('close'),
    })
    .refine(({ idle, age }) => idle !== undefined || age !== undefined, {
      message: 'needs idle, age or both',
    }),
  create({ idle, age, reply, how }) {
    const decision: Decision = reply ? { kind: 'reply', reply, then: how } : { kind: how };
    const limits: SessionLimit[] = [];
    if (idle !== undefined) limits.push({ counts: 'idle', after: idle, decision });
    if (age !== undefined) limits.push({ counts: 'age', after: age, decision });
    return { name: 'session-limits', at: [], limits };
  },
});
