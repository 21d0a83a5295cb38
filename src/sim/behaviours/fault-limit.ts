import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import type { Decision } from '../decision.ts';
import type { SessionFacts } from '../exchange.ts';
import { countSchema, hostStages, replySchema, thenSchema } from '../options.ts';
import { faultSchema } from './fault-reply.ts';

/**
 * So many commands in a session that break the rules; the next one gets the reply, and the host hangs up. Refusals of
 * commands that are right do not count, as with Exim (smtp_max_synprot_errors) and Sendmail (MaxBadCommands).
 */
export const faultLimit = behaviourKind({
  name: 'fault-limit',
  options: z.strictObject({
    on: z
      .array(faultSchema)
      .min(1)
      .optional()
      .describe('which faults count; all of them, unless said otherwise'),
    limit: countSchema,
    reply: replySchema,
    then: thenSchema.default('close'),
  }),
  create({ on, limit, reply, then }) {
    const last: Decision = { kind: 'reply', reply, then };
    const counted = on && new Set(on);
    const seen = new WeakMap<SessionFacts, number>();
    return {
      name: 'fault-limit',
      outermost: true,
      seesFaults: true,
      at: hostStages.filter((stage) => stage !== 'greeting' && stage !== 'message'),
      decide({ fault, session }, next) {
        if (!fault || counted?.has(fault) === false) return next();
        const count = (seen.get(session) ?? 0) + 1;
        seen.set(session, count);
        return count > limit ? last : next();
      },
    };
  },
});
