import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { patternSchema, replySchema, thenSchema } from '../options.ts';
import type { ProtocolFault } from '../protocol.ts';

const faults = {
  'bad-utf8': true,
  'unknown-command': true,
  'not-implemented': true,
  'hello-syntax': true,
  'no-hello': true,
  'hello-again': true,
  'nested-mail': true,
  'no-mail': true,
  'no-rcpt': true,
  'no-valid-rcpt': true,
  'mail-syntax': true,
  'rcpt-syntax': true,
  'sender-syntax': true,
  'recipient-syntax': true,
  'smtputf8-needed': true,
  'unknown-parameter': true,
  'bad-parameter': true,
  'too-big': true,
  argument: true,
  'vrfy-syntax': true,
  'bdat-syntax': true,
  'binary-needs-bdat': true,
  'tls-active': true,
  'requiretls-in-clear': true,
  'client-hello': true,
  'auth-in-transaction': true,
  'auth-done': true,
  'line-too-long': true,
} satisfies Record<ProtocolFault, true>;

export const faultSchema = z.enum(Object.keys(faults) as [ProtocolFault, ...ProtocolFault[]]);

/**
 * Words for a fault in one verb or argument only, where the accent has them for the fault as a whole; or hangs up
 * after them. Postfix says `503 ... authentication not enabled` to AUTH alone, and closes after a bad BDAT.
 */
export const faultReply = behaviourKind({
  name: 'fault-reply',
  options: z.strictObject({
    on: z.union([faultSchema, z.array(faultSchema).min(1)]),
    verbs: z.array(z.string()).optional().describe('only for these verbs; "" is an empty line'),
    argument: z
      .enum(['given', 'missing'])
      .optional()
      .describe('only with something, or with nothing, behind the verb'),
    line: patternSchema
      .optional()
      .describe('only for command lines that match, such as "^[^ ]+:"; the verb in capitals'),
    parameter: z
      .string()
      .optional()
      .describe('only where this parameter of MAIL or RCPT is named, such as SIZE'),
    reply: replySchema,
    then: thenSchema.optional(),
  }),
  create(options) {
    const { reply, then, line } = options;
    const on: ReadonlySet<string> = new Set([options.on].flat());
    const verbs = options.verbs && new Set(options.verbs.map((verb) => verb.toUpperCase()));
    const parameter = options.parameter?.toUpperCase();
    const names = (argument: string): boolean =>
      parameter === undefined ||
      argument
        .toUpperCase()
        .split(' ')
        .some((word) => word.split('=')[0] === parameter);
    const fits = (argument: string): boolean =>
      options.argument === undefined || (options.argument === 'missing') === (argument === '');
    return {
      name: 'fault-reply',
      at: ['ehlo', 'starttls', 'auth', 'mail', 'rcpt', 'data', 'command', 'quit'],
      seesFaults: 'only',
      decide({ fault, verb, argument }, next) {
        const meant = fault !== undefined && on.has(fault) && (verbs?.has(verb) ?? true);
        const matches = line?.test(argument === '' ? verb : `${verb} ${argument}`) ?? true;
        return meant && matches && fits(argument) && names(argument)
          ? { kind: 'reply', reply, ...(then ? { then } : {}) }
          : next();
      },
    };
  },
});
