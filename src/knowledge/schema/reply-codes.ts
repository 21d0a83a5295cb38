import { z } from 'zod';
import { stages } from '../../smtp/stage.ts';
import { abouts, conclusions, reasons } from '../vocabulary.ts';
import { prose } from './words.ts';

/** What a number means; at a stage, only what differs there. */
const meaningSchema = z.strictObject({
  says: prose,
  about: z.enum(abouts),
  reason: z.enum(reasons),
  /** How sure the number alone makes us of the reason. */
  confidence: z.number().min(0).max(1).default(0.9),
  advice: prose,
  verifier: z.enum(conclusions),
});

const replyCodeSchema = z.strictObject({
  ...meaningSchema.shape,
  code: z.int().min(100).max(599),
  title: prose,
  source: prose,
  standing: z.enum([
    'standard',
    'extension',
    'experimental',
    'historic',
    'registry',
    'vendor',
    'dotless',
    'folklore',
    'client',
  ]),
  /** Where a standard allows it. RFC 5321 4.3.2 */
  stages: z.union([z.tuple([z.literal('any')]), z.array(z.enum(stages))]),
  at: z
    .partialRecord(
      z.enum(stages),
      z.strictObject({ ...meaningSchema.shape, confidence: z.number().min(0).max(1) }).partial(),
    )
    .optional(),
  /** The enhanced code that it may be without its dots. */
  dotless: z.string().optional(),
  'often-wrong': prose.optional(),
});

export const replyCodesSchema = z.strictObject({ title: z.string(), codes: z.array(replyCodeSchema).min(1) });

export type ReplyCode = z.infer<typeof replyCodeSchema>;
export type Meaning = z.infer<typeof meaningSchema>;

export type ReplyCodesData = z.infer<typeof replyCodesSchema>;
