import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseDocument } from '../datafile/document.ts';
import { readSource } from '../datafile/read-source.ts';
import { renderIssue } from '../datafile/render-issue.ts';
import { durationSchema } from '../datafile/schemas.ts';
import type { Got } from '../probe/withheld.ts';
import { fitsPattern, replyPatternSchema } from './reply-wish.ts';

const prose = z.string().min(1);

const stepSchema = z.strictObject({
  /** What the person is told before. */
  say: prose,
  /** What the reply must be like for the lesson to go on, such as 250, 5xx or `closed`. */
  until: replyPatternSchema,
  /** Shown when it is not. */
  hint: prose,
  /** Lines that lead on; the last hint, and what the test of the lesson types. */
  example: z.array(z.string()).min(1),
  /** Said when the step is done. */
  then: prose.optional(),
  /** So much time passes before the step, in a new session. */
  wait: durationSchema.optional(),
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
  readonly name: string;
}

const ours = fileURLToPath(new URL('../../fixtures/lessons/', import.meta.url));

/** All lessons in their order. A mistake in one is a defect of the package. */
export async function loadLessons(): Promise<readonly Lesson[]> {
  const files = (await readdir(ours)).filter((file) => file.endsWith('.yaml')).sort();
  return Promise.all(
    files.map(async (file) => {
      const source = await readSource(`${ours}${file}`);
      if (Array.isArray(source)) throw new Error(source.map((issue) => renderIssue(issue)).join('\n'));
      const parsed = parseDocument(source, lessonSchema);
      if ('issues' in parsed)
        throw new Error(parsed.issues.map((issue) => renderIssue(issue, source)).join('\n'));
      return { ...parsed.value, name: file.replace(/^\d+-|\.yaml$/g, '') };
    }),
  );
}

/** Whether what came back takes the lesson on. */
export function isDone({ until }: LessonStep, got: Got | undefined, over: boolean): boolean {
  if (until === 'closed') return over;
  return got?.kind === 'reply' && fitsPattern(until, got.reply);
}
