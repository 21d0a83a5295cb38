import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import type { Decision } from '../decision.ts';
import { countSchema, replySchema, stageSchema } from '../options.ts';

/**
 * Breaks off at a stage: `close` (FIN), `reset` (RST), `silence`, or a `reply` first and then FIN or RST; instead of
 * the answer, `after` it, or `after-bytes` into a message. `every` lets the first ones pass: 2 is every second time.
 */
export const disconnect = behaviourKind({
  name: 'disconnect',
  options: z
    .strictObject({
      at: stageSchema,
      how: z.enum(['close', 'reset', 'silence']).default('close'),
      reply: replySchema.optional().describe('said before hanging up, such as 421'),
      after: z.enum(['command', 'reply']).default('command').describe('reply: the usual answer comes first'),
      'after-bytes': countSchema.optional().describe('bytes of the message; only at message'),
      every: countSchema.optional(),
    })
    .refine(({ how, reply, after }) => how !== 'silence' || (!reply && after === 'command'), {
      message: 'silence says nothing: leave out reply and after',
    })
    .refine((o) => o['after-bytes'] === undefined || o.at === 'message', {
      message: 'after-bytes counts bytes of the message: at must be message',
    }),
  create(options) {
    const { at, how, reply, after, every } = options;
    const afterBytes = options['after-bytes'];
    const decision: Decision =
      reply && how !== 'silence' ? { kind: 'reply', reply, then: how } : { kind: how };
    if (afterBytes !== undefined) return { name: 'disconnect', at: [], cut: { afterBytes, decision } };
    return {
      name: 'disconnect',
      at: [at],
      async decide({ memory }, next) {
        if (every !== undefined) {
          const seen = memory.table<number>('disconnect');
          const count = (seen.get(at) ?? 0) + 1;
          seen.set(at, count);
          if (count % every !== 0) return next();
        }
        if (after === 'command' || how === 'silence') return decision;
        const usual = await next();
        return usual.kind === 'accept' || usual.kind === 'reply' ? { ...usual, then: how } : usual;
      },
    };
  },
});
