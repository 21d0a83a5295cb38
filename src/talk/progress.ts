import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { z } from 'zod';

/** What somebody has done so far. */
const progressSchema = z.object({
  /** Names of the lessons that were gone through to their end. */
  lessons: z.array(z.string()).catch([]),
  asked: z.int().min(0).catch(0),
  right: z.int().min(0).catch(0),
});

export type Progress = z.output<typeof progressSchema>;

/** A file that is missing or cannot be read is a new beginning. */
export function readProgress(file: string): Progress {
  try {
    return progressSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return { lessons: [], asked: 0, right: 0 };
  }
}

/** Throws a system error where the file cannot be written. */
export function keepProgress(file: string, progress: Progress): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(progress)}\n`);
}
