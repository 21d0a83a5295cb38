import { z } from 'zod';
import { prose } from './words.ts';

/** A scenario to run, and how to fill it in. */
export const experimentSchema = z.strictObject({
  /** A file of the folder, without `.yaml`. */
  scenario: z.string().regex(/^[a-z0-9-]+$/),
  tells: prose,
  /** Variables of the scenario, and which value of the session each takes. */
  set: z.record(z.string(), z.string()).default({}),
  /** Variables that only the reader can fill, and what stands in their place. */
  fills: z.record(z.string(), z.string()).default({}),
  /** It sends a message. */
  sends: z.literal(true).optional(),
});

export type ExperimentData = z.infer<typeof experimentSchema>;
