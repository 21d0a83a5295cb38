import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseDocument } from '../../src/datafile/document.ts';
import { readSource } from '../../src/datafile/read-source.ts';
import { renderIssue } from '../../src/datafile/render-issue.ts';
import type { Source } from '../../src/datafile/source.ts';

const differenceSchema = z.strictObject({
  scenario: z.string().describe('the file below the repository'),
  step: z.string().describe('the step as reports name it'),
  simulated: z.string(),
  real: z.string(),
  reason: z.string().min(1).describe('why it is left so'),
});

const listSchema = z.strictObject({ differences: z.array(differenceSchema) });

export type KnownDifference = z.output<typeof differenceSchema>;

/** A step to which the simulated and the real host answered differently. */
export type FoundDifference = Omit<KnownDifference, 'reason'>;

/** Reads known-differences.yaml. Throws an Error on a mistake in it. */
export async function knownDifferences(): Promise<readonly KnownDifference[]> {
  const source = await readSource(fileURLToPath(new URL('known-differences.yaml', import.meta.url)));
  const parsed = Array.isArray(source) ? { issues: source } : parseDocument(source as Source, listSchema);
  if ('issues' in parsed) throw new Error(parsed.issues.map((issue) => renderIssue(issue)).join('\n'));
  return parsed.value.differences;
}

/** What of the found differences is not listed, and what of the list has not been found. */
export function settle<F extends FoundDifference>(
  found: readonly F[],
  known: readonly KnownDifference[],
): { readonly unexpected: readonly F[]; readonly gone: readonly KnownDifference[] } {
  const same = (a: FoundDifference, b: FoundDifference): boolean =>
    a.scenario === b.scenario && a.step === b.step && a.simulated === b.simulated && a.real === b.real;
  return {
    unexpected: found.filter((difference) => !known.some((listed) => same(listed, difference))),
    gone: known.filter((listed) => !found.some((difference) => same(listed, difference))),
  };
}
