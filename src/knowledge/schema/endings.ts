import { z } from 'zod';
import { stages } from '../../smtp/stage.ts';
import { factNames } from '../session-facts.ts';
import { conclusions } from '../vocabulary.ts';
import { experimentSchema } from './experiment.ts';
import { pattern, prose } from './words.ts';

const causeSchema = z.strictObject({
  /** Whose doing it is: ours, theirs, or that of something in between. */
  side: z.enum(['yours', 'theirs', 'path']),
  weight: z.number().positive(),
  cause: prose,
  advice: prose,
  /** Of several, one is enough. */
  if: z.union([z.enum(factNames), z.array(z.enum(factNames)).min(1)]).optional(),
  unless: z.enum(factNames).optional(),
  /** `{elapsed}` and the like are filled in. */
  evidence: z
    .array(z.strictObject({ fact: z.enum(factNames), says: prose, adds: z.number().positive() }))
    .default([]),
  /** What would tell it from the others: a name of `experiments`. */
  experiment: z.string(),
});

const endingSchema = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  when: z.strictObject({
    kind: z.enum(['disconnected', 'timed-out', 'misspoke', 'unreachable', 'tls-failed']),
    stage: z.union([z.enum(stages), z.array(z.enum(stages))]).optional(),
    why: z.enum(['refused', 'no-route', 'timed-out']).optional(),
    unsolicited: z.literal(true).optional(),
    /** Before a word was said on the connection: TLS from the first byte. */
    unspoken: z.literal(true).optional(),
    /** Of OpenSSL or Node. */
    code: pattern.optional(),
    /** The first bytes that came instead of a reply. */
    heard: pattern.optional(),
  }),
  says: prose,
  causes: z.array(causeSchema).min(1),
  verifier: z.enum(conclusions),
});

export const endingsSchema = z
  .strictObject({
    title: z.string(),
    experiments: z.record(z.string(), experimentSchema),
    endings: z.array(endingSchema).min(1),
  })
  .superRefine(({ experiments, endings }, context) => {
    for (const [e, { causes }] of endings.entries()) {
      for (const [c, { experiment }] of causes.entries()) {
        if (Object.hasOwn(experiments, experiment)) continue;
        const path = ['endings', e, 'causes', c, 'experiment'];
        context.addIssue({ code: 'custom', path, message: 'is not one of the experiments' });
      }
    }
  });

/** Endings in order, of which the first that fits explains; and the experiments that its causes name. */
export type EndingBook = z.infer<typeof endingsSchema>;
export type EndingEntry = EndingBook['endings'][number];
