import { z } from 'zod';
import { parseMailbox } from '../../smtp/mailbox.ts';
import { behaviourKind } from '../behaviour.ts';
import type { Exchange } from '../exchange.ts';
import { replySchema, stageSchema, thenSchema } from '../options.ts';

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1).toLowerCase();

/** What can be wrong with an address that may be right by the rules of syntax. */
const tests = {
  /** RFC 5321 2.3.5: only a name that leads somewhere */
  'no-dot': (address: string) => !address.includes('@') || !/\.[^.]|^\[/.test(domainOf(address)),
  'no-domain': (address: string) => !address.includes('@'),
  quoted: (address: string) => address.startsWith('"'),
  'address-literal': (address: string) => domainOf(address).startsWith('['),
  'second-at': (address: string) => /^[^"]*@[^"]*@/.test(address),
  'over-long': (address: string) => Buffer.byteLength(address) > 254, // RFC 5321 4.5.3.1.3
  'ats-in-a-row': (address: string) => address.includes('@@'),
  malformed: (address: string) => 'fault' in parseMailbox(address),
  'same-domain': (_: string, { address, session }: Exchange) =>
    domainOf(address) === domainOf(session.sender ?? ''), // of sender and recipient
  /** RFC 6531 3.5 */
  'undeclared-utf8': (address: string, { argument, stage }: Exchange) =>
    /[^\x00-\x7f]/.test(address) && !(stage === 'mail' && /\bSMTPUTF8\b/i.test(argument)),
};

type Test = keyof typeof tests;

/**
 * Judges the sender's or the recipient's address by how it is made, not by who has it. The null sender and a postmaster
 * without a domain pass. `at` is where the refusal is given: Postfix waits with the sender's until RCPT.
 */
export const addressPolicy = behaviourKind({
  name: 'address-policy',
  options: z.strictObject({
    whose: z.enum(['sender', 'recipient']),
    refuse: z.array(z.enum(Object.keys(tests) as [Test, ...Test[]])).min(1),
    at: stageSchema.optional().describe('mail for senders and rcpt for recipients, unless said otherwise'),
    reply: replySchema,
    then: thenSchema.optional(),
  }),
  create({ whose, refuse, at, reply, then }) {
    const own = whose === 'sender' ? 'mail' : 'rcpt';
    return {
      name: 'address-policy',
      at: [at ?? own],
      seesFaults: true,
      decide(exchange, next) {
        const { stage, fault, address, session } = exchange;
        if (fault && !/^(?:sender|recipient)-syntax$/.test(fault)) return next();
        const judged = stage === own ? address : (session.sender ?? '');
        const exempt = judged === '' || /^postmaster$/i.test(judged); // RFC 5321 4.5.1, 4.5.5
        return !exempt && refuse.some((test) => tests[test](judged, exchange))
          ? { kind: 'reply', reply, ...(then ? { then } : {}) }
          : next();
      },
    };
  },
});
