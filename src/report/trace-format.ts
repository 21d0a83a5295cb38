import { z } from 'zod';
import { abouts, conclusions, retries } from '../knowledge/vocabulary.ts';
import { stages } from '../smtp/stage.ts';
import { existences, subReasons, verdicts } from '../verify/vocabulary.ts';

/** Raised when a field changes its meaning or goes. */
export const traceFormat = 1;

const text = z.string();
const ms = z.number().min(0);
const count = z.int().min(0);

const meaningSchema = z.object({ code: z.union([text, count]), title: text, says: text, source: text });

const explanationSchema = z.object({
  reason: text,
  about: z.enum(abouts),
  code: meaningSchema.optional(),
  enhanced: meaningSchema.optional(),
  says: text,
  causes: z.array(text),
  advice: text,
  adviceFor: z.object({ admin: text.optional(), validator: text.optional() }),
  retry: z.enum(retries),
  retryNote: text.optional(),
  verifier: z.enum(conclusions),
  confidence: z.number().min(0).max(1),
  rule: text,
  because: text,
  contradictions: z.array(text),
  notes: z.array(text),
  provider: z.object({ name: text, title: text, by: z.enum(['name', 'host', 'words']) }).optional(),
});

const endingExplanationSchema = z.object({
  id: text,
  summary: text,
  says: text,
  causes: z.array(
    z.object({
      side: z.enum(['yours', 'theirs', 'path']),
      cause: text,
      evidence: z.array(text),
      advice: text,
      /** What would tell the cause from the others; older traces name none. */
      experiment: z.object({ command: text, tells: text }).optional(),
    }),
  ),
  advice: text,
  verifier: z.enum(conclusions),
});

const certificateSchema = z.object({
  subject: text,
  issuer: text,
  altNames: text,
  validFrom: text,
  validTo: text,
});

const tlsSchema = z.object({
  protocol: text,
  cipher: text,
  trusted: z.boolean().optional(),
  why: text.optional(),
  certificate: certificateSchema.optional(),
});

const common = { atMs: ms, host: text.optional() };

const entrySchema = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('lines'),
    by: z.enum(['client', 'server']),
    lines: z.array(text),
    unshown: count,
  }),
  z.object({
    ...common,
    kind: z.literal('reply'),
    provider: text.optional(),
    stage: z.enum(stages),
    code: count,
    enhanced: text.optional(),
    lines: z.array(text),
    oddities: z.array(text).optional(),
    unsolicited: z.boolean(),
    elapsedMs: ms.optional(),
    explanation: explanationSchema,
  }),
  z.object({
    ...common,
    kind: z.literal('note'),
    text,
    event: z.enum(['connected', 'secured', 'hung-up', 'left']).optional(),
    address: text.optional(),
    how: z.enum(['closed', 'reset']).optional(),
    tls: tlsSchema.optional(),
    explanation: endingExplanationSchema.optional(),
  }),
  z.object({
    ...common,
    kind: z.literal('ending'),
    text,
    stage: z.enum(stages),
    ending: z.enum(['disconnected', 'timed-out', 'misspoke', 'unreachable', 'tls-failed']).optional(),
    how: z.enum(['closed', 'reset']).optional(),
    certificate: certificateSchema.optional(),
    explanation: endingExplanationSchema,
  }),
  z.object({
    ...common,
    kind: z.literal('verdict'),
    address: text,
    verdict: z.enum(verdicts),
    subReason: z.enum(subReasons),
    exists: z.enum(existences),
    confidence: z.number().min(0).max(1),
    againMs: ms.optional(),
    lines: z.array(text),
  }),
]);

const checkSchema = z.object({
  passed: z.boolean(),
  path: z.array(z.union([text, count])),
  expected: text,
  found: text,
  line: z.int().min(1),
  column: z.int().min(1),
  length: count,
});

const stepSchema = z.object({
  step: count,
  title: text,
  verb: text,
  branch: text,
  named: z.boolean().optional(),
  file: text,
  line: z.int().min(1),
  column: z.int().min(1),
  atMs: ms,
  tookMs: ms,
  passed: z.boolean(),
  skipped: text.optional(),
  recipients: z
    .array(
      z.object({
        recipient: text,
        outcome: text,
        stage: z.enum(stages),
        code: count.optional(),
        enhanced: text.optional(),
      }),
    )
    .optional(),
  checks: z.array(checkSchema),
  dialogue: z.array(entrySchema),
});

const differenceSchema = z.object({
  step: count,
  title: text,
  matters: z.boolean(),
  capabilities: z
    .array(z.object({ keyword: text, simulated: text.exactOptional(), real: text.exactOptional() }))
    .default([]), // traces of before it was written down
  simulated: z.array(text),
  real: z.array(text),
});

/**
 * One scenario as it went, as `json-format.md` says: what a trace must hold so that it can be shown. Whatever else a file
 * holds is passed over.
 */
export const traceSchema = z.object({
  format: z.literal(traceFormat),
  scenario: z.object({
    title: text,
    variant: text,
    about: text.optional(),
    tags: z.array(text),
    rules: z.array(text),
    file: text,
  }),
  sources: z.array(z.object({ file: text, text })),
  passed: z.boolean(),
  defect: text.optional(),
  simulatedMs: ms,
  realMs: ms,
  steps: z.array(stepSchema),
  differences: z.array(differenceSchema).optional(),
  simulatedTwin: z.object({ steps: z.array(stepSchema) }).optional(),
});

export type Trace = z.infer<typeof traceSchema>;
export type TracedStep = z.infer<typeof stepSchema>;
export type TracedEntry = z.infer<typeof entrySchema>;
export type TracedReplyExplanation = z.infer<typeof explanationSchema>;
export type TracedEndingExplanation = z.infer<typeof endingExplanationSchema>;
