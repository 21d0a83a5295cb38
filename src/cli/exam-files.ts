import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { areCases, type ExamCase, loadCases } from '../exam/load-cases.ts';
import { isMapping, loadMapping, type Mapping, mappingNames } from '../exam/mapping.ts';
import type { Baseline } from '../exam/score-card.ts';
import type { ExamFlags } from './exam-flags.ts';
import { UsageError } from './exit.ts';
import { renderIssues } from './render-issues.ts';
import type { Surroundings } from './surroundings.ts';

/** The cases that are asked for; undefined where a file has mistakes, which have been shown. Throws a UsageError where there are none. */
export async function chosenCases(
  { cases, only }: ExamFlags,
  { complain }: Surroundings,
): Promise<readonly ExamCase[] | undefined> {
  const folder = cases === undefined ? undefined : pathToFileURL(`${resolve(cases)}/`);
  const read = await loadCases(folder).catch((error: Error) => {
    throw new UsageError(`${cases}: ${error.message}.`);
  });
  if (!areCases(read)) {
    complain(await renderIssues(read, ' Nothing was asked.'));
    return undefined;
  }
  const chosen = read.filter(
    (one) =>
      !only || only.some((text) => `${one.name} ${one.exam}`.toLowerCase().includes(text.toLowerCase())),
  );
  if (chosen.length === 0)
    throw new UsageError(`no case has ${only?.join(' or ') ?? 'a name'} in its name or title.`);
  return chosen;
}

/** Undefined where one has mistakes, which have been shown. */
export async function readMappings(
  { mapping }: ExamFlags,
  { complain }: Surroundings,
): Promise<readonly Mapping[] | undefined> {
  const names = mapping.length > 0 ? mapping : ['mxlab', 'result', 'status', 'reacher', 'boolean', 'words'];
  const read = await Promise.all(names.map((name) => loadMapping(name)));
  const issues = read.flatMap((one) => (isMapping(one) ? [] : one));
  if (issues.length === 0) return read.filter(isMapping);
  complain(await renderIssues(issues, ` Ready ones: ${(await mappingNames()).join(', ')}.`));
  return undefined;
}

/** Undefined where none is to be compared with. Throws a UsageError for a file that is none. */
export function readBaseline({ baseline, update }: ExamFlags): Baseline | undefined {
  if (baseline === undefined || update) return undefined;
  try {
    const read = JSON.parse(readFileSync(baseline, 'utf8')) as Baseline;
    if (typeof read?.marks !== 'object' || read.marks === null) throw new Error('it holds no marks');
    return read;
  } catch (error) {
    throw new UsageError(`${baseline} is no baseline: ${(error as Error).message}. Make one with --update.`);
  }
}
