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

/** Hosts by name, or by address. */
export const hostsSchema = z.record(
  z.string().regex(/^[^\s@<>"']{1,255}$/, 'is not a name of a host'),
  hostSchema,
);

export type HostSource = z.output<typeof hostSchema>;

/** The provider that a host follows; `undefined` for a real or an absent one. */
export function providerOf(host: HostSource): string | undefined {
  if (typeof host === 'string') return host;
  return 'provider' in host ? host.provider : undefined;
}

/** A host as code writes it. Behaviours are named as in a profile: `{ greylisting: { reply: '450 4.7.1 Later' } }`. */
export type HostLike =
  | Exclude<z.input<typeof hostSchema>, { provider: string }>
  | (MemberLike & {
      readonly provider: string;
      readonly addresses?: string[];
      readonly port?: number;
      readonly tls?: 'implicit';
      readonly proxy?: boolean;
      readonly pool?: readonly MemberLike[];
    });

/** What may be said of a host, or of one machine of a pool. */
interface MemberLike {
  readonly situation?: string | string[];
  readonly accent?: Readonly<Record<string, unknown>>;
  readonly mailboxes?: Readonly<Record<string, string>>;
  readonly values?: Readonly<Record<string, string | number>>;
  readonly behaviours?: readonly Readonly<Record<string, unknown>>[];
}
