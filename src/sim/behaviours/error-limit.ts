import { z } from 'zod';
import { durationSchema } from '../../datafile/schemas.ts';
import { behaviourKind } from '../behaviour.ts';
import { afterwards, refuses } from '../decision.ts';
import { countSchema, hostStages, replySchema, thenSchema } from '../options.ts';

/** After so many negative replies in a session every further one is late, and after more of them the host hangs up. */
export const errorLimit = behaviourKind({
  name: 'error-limit',
  options: z.strictObject({
    limit: countSchema.describe('refusals after which the next is the last'),
    reply: replySchema,
    // biome-ignore lint/suspicious/noThenProperty: the word of the format
    then: thenSchema.default('close'),
    soft: z.strictObject({ limit: countSchema, delay: durationSchema }).optional(),
  }),
  create: ({ limit, reply, then, soft }) => ({
    name: 'error-limit',
    at: hostStages.filter((stage) => stage !== 'greeting' && stage !== 'quit'),
    seesFaults: true,
    decide: (exchange, next) =>
      afterwards(next(), async (decision) => {
        if (!refuses(decision)) return decision;
        if (soft && exchange.session.errors >= soft.limit) await exchange.sleep(soft.delay);
        return exchange.session.errors >= limit ? { kind: 'reply', reply, then } : decision;
      }),
  }),
});
