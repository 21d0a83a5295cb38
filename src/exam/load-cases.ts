import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseDocument } from '../datafile/document.ts';
import type { Issue } from '../datafile/issue.ts';
import { readSource } from '../datafile/read-source.ts';
import { type ExamCaseSource, examCaseSchema } from './exam-case.ts';

/** A case of the exam and the name it goes by: `greylist/postgrey`. */
export interface ExamCase extends ExamCaseSource {
  readonly name: string;
}

const ours = new URL('../../fixtures/exam/', import.meta.url);

/** Reads all cases of a folder and the folders in it, by name; or every mistake in them. */
export async function loadCases(folder: URL = ours): Promise<readonly ExamCase[] | readonly Issue[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.yaml')).sort();
  const read = await Promise.all(names.map((name) => loadCase(folder, name)));
  const issues = read.flatMap((one) => ('issues' in one ? one.issues : []));
  return issues.length > 0 ? issues : read.flatMap((one) => ('issues' in one ? [] : [one]));
}

async function loadCase(
  folder: URL,
  name: string,
): Promise<ExamCase | { readonly issues: readonly Issue[] }> {
  const source = await readSource(fileURLToPath(new URL(name, folder)));
  if (Array.isArray(source)) return { issues: source };
  const parsed = parseDocument(source, examCaseSchema);
  return 'issues' in parsed ? parsed : { ...parsed.value, name: name.replace(/\.yaml$/, '') };
}

/** Tells cases from mistakes. */
export function areCases(read: readonly ExamCase[] | readonly Issue[]): read is readonly ExamCase[] {
  return read.every((one: object) => 'ask' in one);
}
