import { z } from 'zod';
import { durationSchema } from '../datafile/schemas.ts';
import type { Patience } from '../probe/conversation.ts';
import { stages } from '../smtp/stage.ts';

/** How long to wait for replies: one time for all stages, or a time for each. */
export const patienceSchema = z.union([
  durationSchema,
  z.partialRecord(z.enum(stages as [string, ...string[]]), durationSchema),
]);

/** What a patience in a file comes to. */
export function patienceOf(
  source: number | Readonly<Record<string, number | undefined>> | undefined,
): Patience | undefined {
  if (source === undefined) return undefined;
  if (typeof source === 'number') return Object.fromEntries(stages.map((stage) => [stage, source]));
  return Object.fromEntries(Object.entries(source).filter(([, time]) => time !== undefined)) as Patience;
}

/** When to try again, and how often at most. */
export const retrySchema = z.strictObject({
  first: durationSchema.describe('the wait before the second try'),
  factor: z.number().min(1).default(2).describe('how many times longer each next wait is'),
  'at-most': z.number().int().min(1).max(1_000).describe('tries in all'),
});

export const tlsSchema = z.enum(['opportunistic', 'required', 'none']);

export const titleSchema = z.string().optional().describe('what this step shows, for the report');
