import { z } from 'zod';
import { durationSchema } from '../../datafile/schemas.ts';
import { behaviourKind } from '../behaviour.ts';
import { afterwards, type Decision, refuses } from '../decision.ts';
import { countSchema, hostStages, replySchema, thenSchema } from '../options.ts';

/**
 * After so many negative replies in a session every further one is late, and after more of them the host hangs up: at
 * the next refusal, or, as Postfix does, at the next command whatever it is.
 */
export const errorLimit = behaviourKind({
  name: 'error-limit',
  options: z.strictObject({
    limit: countSchema.describe('refusals after which the next is the last'),
    reply: replySchema,
    then: thenSchema.default('close'),
    soft: z.strictObject({ limit: countSchema, delay: durationSchema }).optional(),
    on: z.enum(['refusals', 'every-command']).default('refusals').describe('what is late or the last'),
  }),
  create({ limit, reply, then, soft, on }) {
    const last: Decision = { kind: 'reply', reply, then };
    const everything = on === 'every-command';
    return {
      name: 'error-limit',
      outermost: true,
      at: hostStages.filter((stage) => stage !== 'greeting' && (everything || stage !== 'quit')),
      seesFaults: true,
      decide(exchange, next) {
        const { errors } = exchange.session;
        const tooMany = errors >= limit;
        const late = (decision: Decision) =>
          soft && errors >= soft.limit ? exchange.sleep(soft.delay).then(() => decision) : decision;
        if (everything && tooMany && exchange.stage !== 'message') return late(last);
        return afterwards(next(), (decision) => {
          if (refuses(decision)) return late(tooMany ? last : decision);
          return everything ? late(decision) : decision;
        });
      },
    };
  },
});
