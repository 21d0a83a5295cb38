import { z } from 'zod';
import { type Behaviour, behaviourKind } from '../behaviour.ts';
import type { Decision } from '../decision.ts';
import { countSchema, replySchema } from '../options.ts';

/** At most so many connections of one client at the same time; the next gets 421, FIN or RST instead of a greeting. */
export const connectionCap = behaviourKind({
  name: 'connection-cap',
  options: z.strictObject({
    limit: countSchema,
    reply: replySchema.optional(),
    how: z.enum(['close', 'reset']).default('close'),
  }),
  create({ limit, reply, how }): Behaviour {
    const refusal: Decision = reply ? { kind: 'reply', reply, then: how } : { kind: how };
    const table = `connection-cap:${limit}`; // a scenario's cap stands before the profile's, and each counts for itself
    return {
      name: 'connection-cap',
      at: ['greeting'],
      decide({ session, memory }, next) {
        const open = memory.present<number>(table);
        const count = (open.get(session.client) ?? 0) + 1;
        open.set(session.client, count);
        return count > limit ? refusal : next();
      },
      onClose({ session, memory }) {
        const open = memory.present<number>(table);
        const left = (open.get(session.client) ?? 0) - 1;
        if (left > 0) open.set(session.client, left);
        else open.delete(session.client);
      },
    };
  },
});
