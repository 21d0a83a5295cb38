import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import type { HostStage, SessionFacts } from '../exchange.ts';
import { replySchema, stageSchema, stagesSchema, thenSchema } from '../options.ts';

/** Commands that must be the last of a group, because what follows depends on the answer. RFC 2920 3.1, RFC 3207 4 */
const lastOfGroup: readonly HostStage[] = ['ehlo', 'starttls', 'auth', 'data', 'quit'];

/**
 * Refuses clients that talk on behind a command without waiting for its answer: at once, or, as postscreen does, later
 * in the session when a recipient is named.
 */
export const pipeliningPolicy = behaviourKind({
  name: 'pipelining-policy',
  options: z.strictObject({
    at: stagesSchema
      .optional()
      .describe('behind which commands; EHLO, STARTTLS, AUTH, DATA and QUIT, unless said otherwise'),
    'says-at': stageSchema.optional().describe('where the refusal is given, if not to the command itself'),
    reply: replySchema,
    then: thenSchema.optional(),
  }),
  create(options) {
    const { at = lastOfGroup, reply, then } = options;
    const later = options['says-at'];
    const offenders = new WeakSet<SessionFacts>();
    return {
      name: 'pipelining-policy',
      at: later ? [...new Set([...at, later])] : at,
      seesFaults: true,
      decide({ stage, verb, inputWaiting, session }, next) {
        const offends = inputWaiting && at.includes(stage) && verb !== 'BDAT'; // the chunk follows BDAT at once. RFC 3030 2
        if (offends) offenders.add(session);
        const told = later ? stage === later && offenders.has(session) : offends;
        return told ? { kind: 'reply', reply, ...(then ? { then } : {}) } : next();
      },
    };
  },
});
