import { z } from 'zod';
import { durationSchema } from '../../datafile/schemas.ts';
import { behaviourKind } from '../behaviour.ts';
import { afterwards, refuses } from '../decision.ts';
import { hostStages, stagesSchema } from '../options.ts';

/** Answers like the rest of the chain, only later: always, or only when the answer is a refusal (Exchange's 5 s). */
export const tarpit = behaviourKind({
  name: 'tarpit',
  options: z.strictObject({
    delay: durationSchema,
    at: stagesSchema.optional().describe('every stage, unless said otherwise'),
    on: z.enum(['every-reply', 'refusals']).default('every-reply'),
  }),
  create: ({ delay, at = hostStages, on }) => ({
    name: 'tarpit',
    at,
    seesFaults: true,
    outermost: on === 'refusals',
    decide(exchange, next) {
      if (on === 'every-reply') return exchange.sleep(delay).then(next);
      return afterwards(next(), (decision) =>
        refuses(decision) ? exchange.sleep(delay).then(() => decision) : decision,
      );
    },
  }),
});
