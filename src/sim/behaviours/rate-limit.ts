import { z } from 'zod';
import { durationSchema } from '../../datafile/schemas.ts';
import { hours } from '../../time/duration.ts';
import { behaviourKind } from '../behaviour.ts';
import type { HostStage } from '../exchange.ts';
import { Expiry, SlidingWindow } from '../memory.ts';
import { countSchema, replySchema, stageSchema, thenSchema } from '../options.ts';

const countedAt = {
  connections: 'greeting',
  'tls-sessions': 'starttls',
  logins: 'auth',
  messages: 'mail',
  recipients: 'rcpt',
} as const satisfies Record<string, HostStage>;

/**
 * So many connections, TLS sessions, logins, messages or recipients for each client address within a sliding window; what is over gets the
 * reply, for as long as the window is full or, with `cool-down`, for that long.
 */
export const rateLimit = behaviourKind({
  name: 'rate-limit',
  options: z.strictObject({
    counts: z.enum(['connections', 'tls-sessions', 'logins', 'messages', 'recipients']),
    limit: countSchema,
    window: durationSchema.default(hours(1)),
    'cool-down': durationSchema.optional().describe('once over the limit, refuse for this long'),
    at: stageSchema.optional().describe('where the refusal is given, if not where it is counted'),
    reply: replySchema,
    then: thenSchema.optional(),
  }),
  create(options) {
    const { counts, limit, window, reply, then } = options;
    const coolDown = options['cool-down'];
    const counted = countedAt[counts];
    const at = options.at ?? counted;
    const name = `rate-limit:${counts}:${limit}`;
    const windows = SlidingWindow.expiry(window);
    const pauses = new Expiry<number>((until, now) => until < now);
    return {
      name: 'rate-limit',
      at: [...new Set([counted, at])],
      decide({ stage, session, memory, now }, next) {
        const cooling = memory.table<number>(`${name}:cooling`);
        if (stage === counted) {
          const times = memory.table<number[]>(name);
          windows.look(times, now);
          pauses.look(cooling, now);
          const over = new SlidingWindow(times, window, limit + 1).count(session.client, now) > limit;
          if (over) cooling.set(session.client, now + (coolDown ?? 0));
          else if (coolDown === undefined) cooling.delete(session.client);
        }
        const until = cooling.get(session.client);
        if (stage !== at || until === undefined || now > until) return next();
        return { kind: 'reply', reply, ...(then ? { then } : {}) };
      },
    };
  },
});
