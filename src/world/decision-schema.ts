import { z } from 'zod';
import type { Decision } from '../sim/decision.ts';
import { countSchema, replySchema, stageSchema, thenSchema } from '../sim/options.ts';
import type { FaultPlan } from '../sim/planned-faults.ts';

/** A fault as people plan it: `{ at: rcpt, reply: "451 4.7.1 Later", times: 2 }` or `{ at: mail, how: reset }`. */
export const faultSchema = z
  .strictObject({
    at: stageSchema,
    reply: replySchema.optional(),
    then: thenSchema.optional(),
    how: z.enum(['close', 'reset', 'silence']).optional().describe('instead of a reply'),
    recipient: z.string().optional().describe('only for this address or local part'),
    times: countSchema.default(1),
  })
  .refine(({ reply, how }) => (reply === undefined) !== (how === undefined), {
    message: 'needs either reply or how',
  })
  .transform(({ at, reply, then, how, recipient, times }): FaultPlan => {
    const decision: Decision = reply
      ? { kind: 'reply', reply, ...(then ? { then } : {}) }
      : { kind: how ?? 'close' };
    return { at, decision, times, ...(recipient === undefined ? {} : { recipient }) };
  });

/** A fault as people plan it. */
export type FaultSource = z.input<typeof faultSchema>;
