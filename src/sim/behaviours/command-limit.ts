import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import type { Decision } from '../decision.ts';
import type { Exchange, SessionFacts } from '../exchange.ts';
import { countSchema, hostStages, replySchema, thenSchema } from '../options.ts';

const counted = {
  every: () => true,
  /** What does nothing for the delivery of a message, however well it is said. */
  'non-mail': ({ stage }: Exchange) => !['mail', 'rcpt', 'data', 'message', 'quit'].includes(stage),
  'before-login': ({ session, stage }: Exchange) => session.user === undefined && stage !== 'auth',
};

type Counted = keyof typeof counted;

/** So many commands in a session, right or wrong; the next one gets the reply, and the host hangs up. */
export const commandLimit = behaviourKind({
  name: 'command-limit',
  options: z.strictObject({
    limit: countSchema,
    counts: z.enum(Object.keys(counted) as [Counted, ...Counted[]]).default('every'),
    reply: replySchema,
    then: thenSchema.default('close'),
  }),
  create({ limit, counts, reply, then }) {
    const last: Decision = { kind: 'reply', reply, then };
    const spent = new WeakMap<SessionFacts, number>();
    return {
      name: 'command-limit',
      outermost: true,
      seesFaults: true,
      at: hostStages.filter((stage) => stage !== 'greeting' && stage !== 'message'),
      decide(exchange, next) {
        if (!counted[counts](exchange)) return next();
        const count = (spent.get(exchange.session) ?? 0) + 1;
        spent.set(exchange.session, count);
        return count > limit ? last : next();
      },
    };
  },
});
