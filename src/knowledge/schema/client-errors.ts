import { z } from 'zod';
import { type Stage, stages } from '../../smtp/stage.ts';
import { pattern, prose } from './words.ts';

const stage = z.enum(stages as [Stage, ...Stage[]]);

const candidateSchema = z.union([
  z.strictObject({ ending: z.string(), why: prose.optional() }),
  z.strictObject({
    kind: z.enum(['disconnected', 'timed-out']),
    how: z.enum(['closed', 'reset']).optional(),
    /** Stages in order, for when nothing tells which. */
    likely: z.array(stage).min(1),
    why: prose.optional(),
  }),
  /** A refusal that the client passes on, at these stages when nothing tells which. */
  z.strictObject({ refused: z.array(stage).min(1) }),
]);

const errorSchema = z.strictObject({
  prints: pattern,
  says: prose,
  /** Where the words alone tell it. */
  stage: stage.optional(),
  endings: z.array(candidateSchema).min(1),
  samples: z.array(prose).min(1),
  /** Where it was seen. Without it, the real client prints it in a test. */
  seen: z.url().optional(),
});

const reproductionSchema = z.strictObject({
  scenario: z.string(),
  /** Picks the variant of a matrix. */
  only: z.string().optional(),
  /** The scenario for RST; the other one is for FIN. */
  reset: z.string().optional(),
});

/** Shape of `client-errors.yaml`. */
export const clientErrorsSchema = z.strictObject({
  title: z.string(),
  outcomes: z.record(z.string(), z.strictObject({ says: prose, advice: prose })),
  reproductions: z.record(z.string(), reproductionSchema),
  /** Outcomes that look like a lost connection at a stage. */
  besides: z.partialRecord(stage, z.string()),
  clients: z.array(
    z.strictObject({
      client: z.string().regex(/^[a-z]+$/),
      title: prose,
      /** What tells the stage in the text around an error, the first that matches. */
      stages: z.array(z.strictObject({ stage, text: pattern })).default([]),
      errors: z.array(errorSchema).min(1),
    }),
  ),
});

export type ClientErrorBook = z.infer<typeof clientErrorsSchema>;
export type ClientEntry = ClientErrorBook['clients'][number];
export type ErrorEntry = ClientEntry['errors'][number];
