import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseDocument } from '../../datafile/document.ts';
import type { Issue } from '../../datafile/issue.ts';
import { readSource } from '../../datafile/read-source.ts';
import { renderIssue } from '../../datafile/render-issue.ts';

const zoneShape =
  /^(?=.{1,200}$)[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?(?:\.[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9])?)+$/i;
const meanings = z
  .record(
    z.string().regex(/^127(?:\.\d{1,3}){3}$/, 'is no answer of a block list, such as 127.0.0.2'),
    z.string(),
  )
  .default({});

const listSchema = z.strictObject({
  zone: z.string().regex(zoneShape, 'is no name of a zone, such as zen.spamhaus.org'),
  name: z.string().optional(),
  weight: z.enum(['bad', 'doubtful']).default('bad'),
  families: z
    .array(z.union([z.literal(4), z.literal(6)]))
    .min(1)
    .default([4, 6]),
  page: z.url({ protocol: /^https?$/ }).optional(),
  source: z.string().optional(),
  answers: meanings,
  errors: meanings,
});

const listsSchema = z.strictObject({
  title: z.string().optional(),
  lists: z.array(listSchema).min(1).max(100),
});

/** A list of addresses that is asked through the name system. RFC 5782 */
export type BlockList = z.output<typeof listSchema>;

const ours = new URL('../../../fixtures/verify/block-lists.yaml', import.meta.url);

/** A list of which nothing is known but its zone; undefined for what is no name of a zone. */
export function blockListAt(zone: string): BlockList | undefined {
  const parsed = listSchema.safeParse({ zone: zone.replace(/\.$/, '').toLowerCase() });
  return parsed.success ? parsed.data : undefined;
}

/** The lists that ship with the package. A mistake in them is a defect of the package. */
export async function usualBlockLists(): Promise<readonly BlockList[]> {
  const read = await readBlockLists(fileURLToPath(ours));
  if ('issues' in read) throw new Error(read.issues.map((issue) => renderIssue(issue)).join('\n'));
  return read.lists;
}

/** Reads a file of block lists, or says all that is wrong with it. */
export async function readBlockLists(
  file: string,
): Promise<{ readonly lists: readonly BlockList[] } | { readonly issues: readonly Issue[] }> {
  const source = await readSource(file);
  if (Array.isArray(source)) return { issues: source };
  const parsed = parseDocument(source, listsSchema);
  return 'issues' in parsed ? { issues: parsed.issues } : { lists: parsed.value.lists };
}
