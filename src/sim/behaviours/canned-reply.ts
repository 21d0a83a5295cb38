import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import type { Exchange } from '../exchange.ts';
import { countSchema, patternSchema, replySchema, stagesSchema, thenSchema } from '../options.ts';

/** Always the same reply at a stage: to everybody, to certain recipients or verbs, or only the first few times. */
export const cannedReply = behaviourKind({
  name: 'canned-reply',
  options: z.strictObject({
    at: stagesSchema,
    reply: replySchema,
    for: z
      .array(z.string())
      .optional()
      .describe('local parts; only at rcpt, or at message for its recipients'),
    matching: z
      .string()
      .refine(isPattern, { message: 'is not a regular expression' })
      .optional()
      .describe('the same by a regular expression that fits the whole local part'),
    verb: z.string().optional().describe('only this verb, such as VRFY at stage command'),
    'in-transaction': z
      .boolean()
      .optional()
      .describe('true: only after MAIL; false: only outside of a transaction'),
    line: patternSchema.optional().describe('only for command lines that match; the verb in capitals'),
    greeted: z.boolean().optional().describe('true: only after EHLO; false: only before it'),
    'first-only': countSchema.optional().describe('so many times, then as usual'),
    then: thenSchema.optional(),
  }),
  create(options) {
    const { at, reply, verb, then, greeted, line } = options;
    const times = options['first-only'];
    const inside = options['in-transaction'];
    const locals = options.for && new Set(options.for.map((local) => local.toLowerCase()));
    const fits = options.matching === undefined ? undefined : new RegExp(`^(?:${options.matching})$`, 'i');
    const named = (address: string): boolean => {
      const local = address.slice(0, address.lastIndexOf('@')).toLowerCase();
      return (locals?.has(local) ?? true) && (fits?.test(local) ?? true);
    };
    const isIts = ({ verb: said, argument, session }: Exchange): boolean =>
      (verb === undefined || said === verb.toUpperCase()) &&
      (inside === undefined || inside === (session.sender !== undefined)) &&
      (greeted === undefined || greeted === (session.helo !== '')) &&
      (line?.test(`${said} ${argument}`.trimEnd()) ?? true);
    const key = `${at.join()} ${reply.code}`;
    return {
      name: 'canned-reply',
      at,
      decide(exchange, next) {
        const { stage, address, session, memory } = exchange;
        if (!isIts(exchange)) return next();
        if ((locals ?? fits) && !(stage === 'rcpt' ? named(address) : session.recipients.some(named)))
          return next();
        if (times !== undefined) {
          const given = memory.table<number>('canned-reply');
          const count = given.get(key) ?? 0;
          if (count >= times) return next();
          given.set(key, count + 1);
        }
        return { kind: 'reply', reply, ...(then ? { then } : {}) };
      },
    };
  },
});

function isPattern(source: string): boolean {
  try {
    return new RegExp(source) instanceof RegExp;
  } catch {
    return false;
  }
}
