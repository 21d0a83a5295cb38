import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import type { SessionFacts } from '../exchange.ts';
import { hostStages, replySchema, stageSchema, thenSchema } from '../options.ts';

const stages = hostStages.filter((stage) => stage !== 'greeting' && stage !== 'message');

/**
 * Refuses clients that end a command line with LF alone: at once, or, as postscreen does, later in the session when a
 * recipient is named. RFC 5321 2.3.8
 */
export const lineEndPolicy = behaviourKind({
  name: 'line-end-policy',
  options: z.strictObject({
    'says-at': stageSchema.optional().describe('where the refusal is given, if not to the command itself'),
    reply: replySchema,
    then: thenSchema.optional(),
  }),
  create(options) {
    const { reply, then } = options;
    const later = options['says-at'];
    const offenders = new WeakSet<SessionFacts>();
    return {
      name: 'line-end-policy',
      at: stages,
      seesFaults: true,
      decide({ stage, bareLineEnd, session }, next) {
        if (bareLineEnd) offenders.add(session);
        const told = later ? stage === later && offenders.has(session) : bareLineEnd;
        return told ? { kind: 'reply', reply, ...(then ? { then } : {}) } : next();
      },
    };
  },
});
