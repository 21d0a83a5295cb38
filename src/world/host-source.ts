import { z } from 'zod';
import { hostOverridesSchema } from '../sim/profile.ts';

/** A provider's name, a provider with overrides, a real host by address, or an address where nobody listens. */
export const hostSchema = z.union([
  z.string(),
  hostOverridesSchema.extend({
    provider: z.string(),
    addresses: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .min(1)
      .optional()
      .describe('simulated addresses of the host'),
    port: z.number().int().min(1).max(65_535).optional(),
    tls: z.literal('implicit').optional(),
    proxy: z
      .boolean()
      .optional()
      .describe('programs from outside name their client in a PROXY v1 line first'),
  }),
  z.strictObject({
    address: z
      .string()
      .regex(/^(?:\[[\da-f:]+\]|[\w.-]+)(?::\d{1,5})?$/i, 'is not an address such as 127.0.0.1:2525')
      .describe('a real host'),
  }),
  z.strictObject({
    absent: z.enum(['refused', 'no-route', 'timed-out']).describe('nobody listens there'),
    addresses: z
      .array(z.union([z.ipv4(), z.ipv6()]))
      .min(1)
      .optional(),
  }),
]);

export type HostSource = z.output<typeof hostSchema>;

/** The provider that a host follows; `undefined` for a real or an absent one. */
export function providerOf(host: HostSource): string | undefined {
  if (typeof host === 'string') return host;
  return 'provider' in host ? host.provider : undefined;
}
