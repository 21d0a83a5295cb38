import ipaddr from 'ipaddr.js';
import { z } from 'zod';
import { durationSchema } from '../../datafile/schemas.ts';
import { hours } from '../../time/duration.ts';
import { behaviourKind } from '../behaviour.ts';
import { afterwards, type Decision, refuses } from '../decision.ts';
import type { Exchange } from '../exchange.ts';
import { Expiry } from '../memory.ts';
import { countSchema, replySchema, stageSchema, thenSchema } from '../options.ts';

const networkSchema = z.string().refine((text) => ipaddr.isValidCIDR(text) || ipaddr.isValid(text), {
  message: 'is not an address or network such as 192.0.2.7, 198.51.100.0/24 or 2001:db8::/32',
});

/**
 * Refuses clients by address: those listed from the start, and those that got themselves listed by naming too many
 * unknown recipients (Outlook calls it namespace mining) or by too many refusals of any kind. A growing list
 * lasts over connections and lets go after `lasts`.
 */
export const blockList = behaviourKind({
  name: 'block-list',
  options: z.strictObject({
    at: stageSchema.default('mail'),
    clients: z.union([z.literal('all'), z.array(networkSchema)]).default([]),
    grows: z
      .strictObject({
        on: z.enum(['unknown-recipients', 'refusals']),
        after: countSchema,
        lasts: durationSchema.default(hours(24)),
      })
      .optional(),
    reply: replySchema,
    then: thenSchema.optional(),
  }),
  create({ at, clients, grows, reply, then }) {
    const refusal: Decision = { kind: 'reply', reply, ...(then ? { then } : {}) };
    const sentences = new Expiry<number>((until, now) => until <= now);
    const listed = clients === 'all' ? () => true : inNetworks(clients);
    const grown = ({ session, memory, now }: Exchange): boolean =>
      (memory.table<number>('block-list:until').get(session.client) ?? -Infinity) > now;
    return {
      name: 'block-list',
      at: grows ? [...new Set([at, 'mail' as const, 'rcpt' as const, 'message' as const])] : [at],
      decide(exchange, next) {
        if (exchange.stage === at && (listed(exchange.session.client) || grown(exchange))) return refusal;
        if (!grows) return next();
        return afterwards(next(), (decision) => {
          if (refuses(decision) && (grows.on === 'refusals' || exchange.stage === 'rcpt'))
            note(exchange, grows, sentences);
          return decision;
        });
      },
    };
  },
});

function note(
  { session, memory, now }: Exchange,
  { after, lasts }: { after: number; lasts: number },
  sentences: Expiry<number>,
): void {
  const counts = memory.table<number>('block-list:counts');
  const count = (counts.get(session.client) ?? 0) + 1;
  counts.set(session.client, count);
  if (count < after) return;
  counts.delete(session.client);
  const until = memory.table<number>('block-list:until');
  sentences.look(until, now);
  until.set(session.client, now + lasts);
}

function inNetworks(networks: readonly string[]): (client: string) => boolean {
  const ranges = networks.map((text) =>
    ipaddr.parseCIDR(
      text.includes('/') ? text : `${text}/${ipaddr.parse(text).kind() === 'ipv4' ? 32 : 128}`,
    ),
  );
  return (client) => {
    if (!ipaddr.isValid(client)) return false;
    const address = ipaddr.process(client);
    return ranges.some(
      ([network, bits]) => address.kind() === network.kind() && address.match(network, bits),
    );
  };
}
