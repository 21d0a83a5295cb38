import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseDocument } from '../datafile/document.ts';
import type { Issue } from '../datafile/issue.ts';
import { readSource } from '../datafile/read-source.ts';
import { renderIssue } from '../datafile/render-issue.ts';
import { durationSchema } from '../datafile/schemas.ts';
import type { Got } from '../probe/withheld.ts';
import { fitsPattern, readReplyPattern } from '../smtp/reply-pattern.ts';
import { stages } from '../smtp/stage.ts';

const prose = z.string().min(1);

/** A reply, or `closed` for a connection that ends. */
const wishSchema = z
  .union([z.string(), z.number().transform(String)])
  .refine((text) => text === 'closed' || readReplyPattern(text) !== undefined, {
    message: 'is not a reply such as 250, 5xx or closed',
  });

const stepSchema = z.strictObject({
  /** What the person is told before. */
  say: prose,
  /** What the reply must be like for the lesson to go on, such as 250, 5xx or `closed`. */
  until: wishSchema,
  /** What the reply must be about; whatever it is about, without it. */
  at: z.enum(stages).optional(),
  /** Shown when it is not. */
  hint: prose,
  /** Lines that lead on; the last hint, and what the test of the lesson types. */
  example: z.array(z.string()).min(1),
  /** Said when the step is done. */
  then: prose.optional(),
  /** So much time passes before the step, which begins with a new connection. */
  wait: durationSchema.optional(),
  /** The host is put in this situation before the step. */
  switch: prose.optional(),
});

/** A file in `fixtures/lessons/`: something to find out by talking to a simulated host. */
const lessonSchema = z.strictObject({
  lesson: prose,
  about: prose,
  /** A profile with situations, such as `outlook:blocklisted`. */
  host: prose,
  steps: z.array(stepSchema).min(1),
});

export type LessonStep = z.output<typeof stepSchema>;

export interface Lesson extends z.output<typeof lessonSchema> {
  /** The name of its file without number and ending. */
  readonly name: string;
}

const ours = fileURLToPath(new URL('../../fixtures/lessons/', import.meta.url));

/** All lessons in their order. A mistake in one is a defect of the package. */
export async function loadLessons(folder: string = ours): Promise<readonly Lesson[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith('.yaml')).sort();
  return Promise.all(files.map((file) => readLesson(folder, file)));
}

async function readLesson(folder: string, file: string): Promise<Lesson> {
  const source = await readSource(`${folder}${file}`);
  if (Array.isArray(source)) throw unreadable(source);
  const parsed = parseDocument(source, lessonSchema);
  if ('issues' in parsed) throw unreadable(parsed.issues, source);
  return { ...parsed.value, name: file.replace(/^\d+-|\.yaml$/g, '') };
}

function unreadable(issues: readonly Issue[], source?: Parameters<typeof renderIssue>[1]): Error {
  return new Error(issues.map((issue) => renderIssue(issue, source)).join('\n'));
}

/** Whether what came back takes the lesson on. */
export function isDone({ until, at }: LessonStep, got: Got | undefined, over: boolean): boolean {
  if (until === 'closed') return over;
  if (got?.kind !== 'reply' || got.unsolicited) return false;
  const pattern = readReplyPattern(until);
  return (at === undefined || got.stage === at) && pattern !== undefined && fitsPattern(pattern, got.reply);
}
