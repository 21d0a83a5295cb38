import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseDocument } from '../datafile/document.ts';
import { readSource } from '../datafile/read-source.ts';
import { renderIssue } from '../datafile/render-issue.ts';
import { durationSchema } from '../datafile/schemas.ts';
import { reasons } from '../knowledge/vocabulary.ts';
import { stages } from '../smtp/stage.ts';
import {
  controlResults,
  events,
  existences,
  postmasterResults,
  type ScheduleName,
  type SubReason,
  scheduleNames,
  subReasons,
  verdicts,
} from './vocabulary.ts';

const oneOrMore = <T extends z.ZodType>(item: T) =>
  z.union([item.transform((one) => [one]), z.array(item).min(1)]);

const pattern = z.string().transform((source, context) => {
  try {
    return new RegExp(`^(?:${source})$`);
  } catch {
    context.addIssue({ code: 'custom', message: 'is not a regular expression' });
    return z.NEVER;
  }
});

const share = z.number().min(0).max(1);

const ruleSchema = z.strictObject({
  id: z.string().regex(/^V\d{3}[a-z]?$/, 'is not the ID of a rule, such as V045'),
  when: z.strictObject({
    event: z.enum(events).optional(),
    /** `session` stands for all stages before a recipient is named. */
    stage: oneOrMore(z.enum([...stages, 'session'])).optional(),
    code: pattern.optional(),
    esc: pattern.optional(),
    reason: oneOrMore(z.enum(reasons)).optional(),
    /** The least confidence in that reason. */
    sure: share.optional(),
    /** The most confidence in it: the words say next to nothing. */
    unsure: share.optional(),
    /** A piece of the words, in lower case. */
    words: z.string().optional(),
    control: oneOrMore(z.enum(controlResults)).optional(),
    postmaster: oneOrMore(z.enum(postmasterResults)).optional(),
    /** Every host said it. */
    everywhere: z.literal(true).optional(),
    /** So long after the first answer. */
    waited: durationSchema.optional(),
  }),
  verdict: z.enum(verdicts),
  'sub-reason': z.enum(subReasons),
  exists: z.enum(existences).optional(),
  confidence: z.union([z.tuple([share, share]), z.enum(['prior', 'catch-all'])]).optional(),
  again: z.enum(scheduleNames).optional(),
  retryable: z.literal(true).optional(),
  /** What to change before the question is put once more. */
  change: z.literal('sender').optional(),
  /** The operator does not want to be asked: ask nobody else behind the same hosts. */
  stop: z.literal(true).optional(),
});

const rulesSchema = z.strictObject({ title: z.string(), rules: z.array(ruleSchema).min(1) });

const schedulesSchema = z.strictObject({
  title: z.string(),
  schedules: z.record(
    z.enum(scheduleNames),
    z.strictObject({ waits: z.array(durationSchema).min(1), why: z.string() }),
  ),
  pauses: z.partialRecord(z.enum(subReasons), durationSchema),
});

export type VerdictRule = z.output<typeof ruleSchema>;

/** When to ask again, in ms since the first answer. */
export interface Schedule {
  readonly waits: readonly number[];
  readonly why: string;
  /** So long after each try as between these; neither stretched nor changed by what a reply names. */
  readonly exact?: true;
}

/** How verdicts come about: rules in order, and when to ask again (ms since the first answer). */
export interface VerdictBook {
  readonly rules: readonly VerdictRule[];
  readonly schedules: Readonly<Record<ScheduleName, Schedule>>;
  /** How long to leave alone what no schedule covers, or no longer, in ms. */
  readonly pauses: Readonly<Partial<Record<SubReason, number>>>;
}

const ours = new URL('../../fixtures/verify/', import.meta.url);

let loaded: Promise<VerdictBook> | undefined;

/** Reads the rules that ship with the package, once. A mistake in them is a defect of the package. */
export function loadVerdicts(): Promise<VerdictBook> {
  loaded ??= Promise.all([read('rules.yaml', rulesSchema), read('schedules.yaml', schedulesSchema)]).then(
    ([{ rules }, { schedules, pauses }]) => ({ rules, schedules, pauses }),
  );
  return loaded;
}

async function read<T>(file: string, schema: z.ZodType<T>): Promise<T> {
  const source = await readSource(fileURLToPath(new URL(file, ours)));
  if (Array.isArray(source)) throw new Error(source.map((issue) => renderIssue(issue)).join('\n'));
  const parsed = parseDocument(source, schema);
  if ('issues' in parsed)
    throw new Error(parsed.issues.map((issue) => renderIssue(issue, source)).join('\n'));
  return parsed.value;
}
