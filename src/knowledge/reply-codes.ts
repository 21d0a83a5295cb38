import { z } from 'zod';
import { type Stage, stages } from '../smtp/stage.ts';
import { abouts, conclusions, reasons } from './vocabulary.ts';

const prose = z.string().min(1);

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

/** What the number says at this stage. */
export function meaningAt(code: ReplyCode, stage: Stage | undefined): Meaning {
  const here = stage === undefined ? undefined : code.at?.[stage];
  return {
    says: here?.says ?? code.says,
    about: here?.about ?? code.about,
    reason: here?.reason ?? code.reason,
    confidence: here?.confidence ?? code.confidence,
    advice: here?.advice ?? code.advice,
    verifier: here?.verifier ?? code.verifier,
  };
}

/** Whether a standard allows the code at this stage; true where the stage is not known. */
export function belongsAt(code: ReplyCode, stage: Stage | undefined): boolean {
  if (stage === undefined || code.stages[0] === 'any') return true;
  const allowed = code.stages as readonly Stage[];
  // Up to the greeting there is one answer, whichever of the two stages it is put down to.
  return allowed.includes(stage === 'connect' ? 'greeting' : stage);
}
