import { z } from 'zod';
import { abouts, conclusions, reasons } from '../vocabulary.ts';
import { codePattern } from './rule.ts';
import { prose } from './words.ts';

const share = z.number().min(0).max(1);
const classKey = z.literal(['2', '4', '5']);

const byClassSchema = z.strictObject({
  says: prose.optional(),
  about: z.enum(abouts).optional(),
  reason: z.enum(reasons).optional(),
  confidence: share.optional(),
  advice: prose.optional(),
  verifier: z.enum(conclusions),
});

const enhancedCodeSchema = z.strictObject({
  code: z.string().regex(/^X\.\d\.\d{1,2}$/),
  title: prose,
  source: prose,
  'goes-with': z.union([z.literal('any'), z.array(z.union([z.int(), z.literal('5XX')]))]).optional(),
  intended: z.array(z.literal([2, 4, 5])),
  about: z.enum(abouts),
  reason: z.enum(reasons),
  confidence: share,
  says: prose,
  advice: prose,
  class: z.partialRecord(classKey, byClassSchema),
  'often-wrong': prose.optional(),
  elsewhere: z.array(z.strictObject({ provider: prose, says: prose })).optional(),
});

const vendorCodeSchema = z.strictObject({
  codes: codePattern,
  provider: prose,
  title: prose,
  about: z.enum(abouts),
  reason: z.enum(reasons),
  verifier: z.enum(conclusions),
  says: prose,
});

const subjectSchema = z.strictObject({
  title: prose,
  says: prose,
  about: z.enum(abouts),
  reason: z.enum(reasons),
});

export const enhancedCodesSchema = z.strictObject({
  title: z.string(),
  classes: z.record(classKey, z.strictObject({ title: prose, says: prose })),
  subjects: z.record(z.literal(['0', '1', '2', '3', '4', '5', '6', '7']), subjectSchema),
  codes: z.array(enhancedCodeSchema).min(1),
  vendor: z.array(vendorCodeSchema),
});

export type EnhancedCode = z.infer<typeof enhancedCodeSchema>;
export type EnhancedCodesData = z.infer<typeof enhancedCodesSchema>;
