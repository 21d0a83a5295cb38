import { z } from 'zod';
import { durationSchema } from '../../datafile/schemas.ts';
import { seconds } from '../../time/duration.ts';
import { behaviourKind } from '../behaviour.ts';
import type { Decision } from '../decision.ts';
import { replySchema, thenSchema } from '../options.ts';

/**
 * Waits before the greeting to see whether the client speaks out of turn, as postscreen, Exim and Sendmail do, with
 * or without a teaser line (`220-...`) meanwhile. Also catches input behind DATA before 354. Rules REP-06, PIP-01
 */
export const earlyTalker = behaviourKind({
  name: 'early-talker',
  options: z.strictObject({
    wait: durationSchema.default(seconds(6)),
    teaser: z
      .string()
      .regex(/^220-/, 'is not the first line of a longer greeting, such as "220-mx.example.net"')
      .optional(),
    reply: replySchema.describe('what an early talker gets instead of the greeting'),
    then: thenSchema.optional().describe('close, unless the refusal waits for RCPT'),
    at: z
      .enum(['greeting', 'rcpt'])
      .default('greeting')
      .describe('rcpt: greeted as everybody, and refused when a recipient is named'),
    'synchronization-reply': replySchema.optional().describe('what input behind DATA gets before 354'),
  }),
  create(options) {
    const { wait, teaser, reply, at, then = at === 'greeting' ? 'close' : undefined } = options;
    const refusal: Decision = { kind: 'reply', reply, ...(then ? { then } : {}) };
    const unsynchronized = options['synchronization-reply'];
    return {
      name: 'early-talker',
      at: [...new Set(['greeting' as const, at, ...(unsynchronized ? (['data'] as const) : [])])],
      async decide(exchange, next) {
        if (exchange.stage === 'data') {
          return unsynchronized && exchange.inputWaiting && exchange.verb === 'DATA'
            ? { kind: 'reply', reply: unsynchronized, then: then ?? 'close' }
            : next();
        }
        if (exchange.stage === 'rcpt') return exchange.session.spokeEarly ? refusal : next();
        if (teaser !== undefined) exchange.say(teaser);
        await exchange.sleep(wait);
        return exchange.session.spokeEarly && at === 'greeting' ? refusal : next();
      },
    };
  },
});
