import { z } from 'zod';
import { verdicts } from '../verify/vocabulary.ts';
import { checkDomains, worldParts } from '../world/world.ts';

const askSchema = z.strictObject({
  address: z.string().min(1),
  /** Whether somebody reads mail there, which only the one who made the world knows. */
  mailbox: z.enum(['live', 'dead']),
  /** What may be concluded from the outside. Any of several is right. */
  verdict: z
    .union([z.enum(verdicts).transform((one) => [one]), z.array(z.enum(verdicts)).min(1)])
    .describe('the verdict that a careful validator comes to'),
  note: z.string().optional(),
});

/** A file in `fixtures/exam/`: a world, addresses in it, and what is true of them. */
export const examCaseSchema = z
  .strictObject({
    exam: z.string().min(1).describe('what the case is, in a sentence'),
    about: z.string().optional(),
    source: z.string().min(1).describe('where it is from: an RFC, a page, a row of the pains'),
    ...worldParts,
    ask: z.array(askSchema).min(1),
  })
  .superRefine(checkDomains);

export type ExamCaseSource = z.output<typeof examCaseSchema>;
export type ExamQuestion = ExamCaseSource['ask'][number];
