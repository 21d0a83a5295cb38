import { z } from 'zod';
import { entriesOf } from '../datafile/entries.ts';
import { type Zone, zoneSchema } from '../dns/zone.ts';
import { type HostSource, hostsSchema } from './host-source.ts';
import { suggest } from './world-faults.ts';

/** A file that describes a whole little internet: hosts, domains and what DNS says about them. */
export const worldParts = {
  hosts: hostsSchema,
  domains: z
    .record(z.string(), z.array(z.string()).min(1))
    .default({})
    .describe('domain to its mail exchangers, best first'),
  zone: zoneSchema.optional().describe('what else DNS says; wins over domains'),
  seed: z.union([z.string(), z.number()]).transform(String).default('1'),
};

export const worldSchema = z
  .strictObject({
    world: z.string().min(1).describe('what it is, in a sentence'),
    about: z.string().optional(),
    ...worldParts,
  })
  .superRefine(checkDomains, { when: ({ value }) => namesHosts(value) });

/** Whether hosts and domains can be compared, whatever else may be wrong with the file. */
function namesHosts(value: unknown): value is Pick<WorldParts, 'hosts' | 'domains'> {
  const { hosts, domains } = entriesOf(value);
  return (
    entriesOf(hosts) === hosts &&
    entriesOf(domains) === domains &&
    Object.values(domains).every(Array.isArray)
  );
}

/** Domains lead to hosts of the same world. */
export function checkDomains(
  { hosts, domains }: Pick<WorldParts, 'hosts' | 'domains'>,
  context: z.RefinementCtx,
): void {
  for (const [domain, exchangers] of Object.entries(domains)) {
    for (const [i, name] of exchangers.entries()) {
      if (Object.hasOwn(hosts, name)) continue;
      context.addIssue({
        code: 'custom',
        path: ['domains', domain, i],
        message: 'is not a host of this world',
        params: { hint: suggest(name, Object.keys(hosts)) },
      });
    }
  }
}

type WorldParts = z.output<z.ZodObject<typeof worldParts>>;

export type WorldSource = z.output<typeof worldSchema>;

/** What a world needs to start. */
export interface World {
  readonly hosts: Readonly<Record<string, HostSource>>;
  readonly zone?: Zone | undefined;
  readonly seed: string;
}

/** Turns domains into MX records. Without any zone or domain each host is the exchanger of its parent domain. */
export function worldOf({ hosts, domains, zone, seed }: WorldSource): World {
  const names = Object.entries(domains);
  if (names.length === 0) return { hosts, seed, ...(zone ? { zone } : {}) };
  const records = names.map(([domain, exchangers]) => [
    domain,
    { mx: exchangers.map((exchange, i) => ({ preference: 10 * (i + 1), exchange })) },
  ]);
  return { hosts, seed, zone: { ...Object.fromEntries(records), ...zone } };
}
