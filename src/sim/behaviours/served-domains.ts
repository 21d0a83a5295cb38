import { z } from 'zod';
import { behaviourKind } from '../behaviour.ts';
import { replySchema } from '../options.ts';

/** Takes mail for certain domains only and refuses to relay to any other. RFC 5321 3.6.2 */
export const servedDomains = behaviourKind({
  name: 'served-domains',
  options: z.strictObject({
    domains: z
      .array(z.string().min(1))
      .min(1)
      .describe('example.net, or .example.net for everything below it'),
    reply: replySchema.describe('what a recipient in any other domain gets'),
  }),
  create({ domains, reply }) {
    const names = domains.map((domain) => domain.toLowerCase());
    const serves = (domain: string): boolean =>
      names.some((name) => (name.startsWith('.') ? domain.endsWith(name) : domain === name));
    return {
      name: 'served-domains',
      at: ['rcpt'],
      decide({ address }, next) {
        const at = address.lastIndexOf('@');
        const here = at < 0 || serves(address.slice(at + 1).toLowerCase()); // postmaster without a domain. RFC 5321 4.5.1
        return here ? next() : { kind: 'reply', reply };
      },
    };
  },
});
