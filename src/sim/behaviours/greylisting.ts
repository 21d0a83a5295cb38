import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { durationSchema } from '../../datafile/schemas.ts';
import { hours, minutes } from '../../time/duration.ts';
import { behaviourKind } from '../behaviour.ts';
import type { Exchange } from '../exchange.ts';
import { Expiry } from '../memory.ts';
import { replySchema, thenSchema } from '../options.ts';

/** Times in ms. A tuple is `passed` once a retry fell into the window. */
interface Tuple {
  first: number;
  passed?: number;
}

interface Allowance {
  passes: number;
  allowed: boolean;
  seen: number;
}

/**
 * Puts off senders it has not met. The tuple is client network, sender and first recipient; a retry passes from
 * `delay` after the first contact until `window` after it, and is remembered for `expiry` since it was last seen.
 * After `auto-allow` tuples have passed, their network passes altogether. RFC 6647 5 (rules GRY-01, GRY-02)
 */
export const greylisting = behaviourKind({
  name: 'greylisting',
  options: z.strictObject({
    reply: replySchema,
    delay: durationSchema.default(minutes(5)).describe('the shortest wait that counts'),
    window: durationSchema.default(hours(24)).describe('a retry later than this starts over'),
    expiry: durationSchema.default(hours(24 * 35)).describe('how long a known tuple is remembered unseen'),
    'auto-allow': z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('passed tuples after which a network is let in at once'),
    at: z.enum(['mail', 'rcpt', 'data', 'message']).default('rcpt'),
    key: z
      .array(z.enum(['network', 'sender', 'recipient']))
      .min(1)
      .default(['network', 'sender', 'recipient']),
    then: thenSchema.optional(),
  }),
  create(options) {
    const { reply, delay, window, expiry, at, key, then } = options;
    const autoAllow = options['auto-allow'];
    const strangers = new Expiry<Tuple>(({ first, passed }, now) =>
      passed === undefined ? now - first > window : now - passed > expiry,
    );
    const passes = (exchange: Exchange): boolean => {
      const now = exchange.now;
      const network = networkOf(exchange.session.client);
      const allowance = exchange.memory.table<Allowance>('greylisting:networks').get(network);
      if (allowance?.allowed && now - allowance.seen <= expiry) {
        allowance.seen = now;
        return true;
      }
      const tuples = exchange.memory.table<Tuple>('greylisting:tuples');
      const name = tupleOf(exchange, network, key);
      const tuple = tuples.get(name);
      if (tuple?.passed !== undefined && now - tuple.passed <= expiry) {
        tuple.passed = now;
        return true;
      }
      if (!tuple || tuple.passed !== undefined || now - tuple.first > window) {
        strangers.look(tuples, now);
        tuples.set(name, { first: now });
        return false;
      }
      if (now - tuple.first < delay) return false;
      tuple.passed = now;
      if (autoAllow !== undefined) credit(exchange, network, autoAllow);
      return true;
    };
    return {
      name: 'greylisting',
      at: [at],
      decide: (exchange, next) =>
        exchange.session.user !== undefined || passes(exchange) // logged-in clients are spared. RFC 6647 5 (rule SUB-05)
          ? next()
          : { kind: 'reply', reply, ...(then ? { then } : {}) },
    };
  },
});

function credit({ memory, now }: Exchange, network: string, needed: number): void {
  const networks = memory.table<Allowance>('greylisting:networks');
  const passed = (networks.get(network)?.passes ?? 0) + 1;
  networks.set(network, { passes: passed, allowed: passed >= needed, seen: now });
}

function tupleOf({ session, address, stage }: Exchange, network: string, key: readonly string[]): string {
  const recipient = session.recipients[0] ?? (stage === 'rcpt' ? address : '');
  const parts = { network, sender: session.sender ?? address, recipient };
  return key.map((part) => parts[part as keyof typeof parts].toLowerCase()).join(' ');
}

/** The /24 of an IPv4 address, the /64 of an IPv6 one: machines of one farm count as one client. */
function networkOf(address: string): string {
  if (!ipaddr.isValid(address)) return address;
  const bits = ipaddr.process(address).kind() === 'ipv4' ? 24 : 64;
  const cidr = `${ipaddr.process(address).toString()}/${bits}`;
  return bits === 24
    ? ipaddr.IPv4.networkAddressFromCIDR(cidr).toString()
    : ipaddr.IPv6.networkAddressFromCIDR(cidr).toString();
}
