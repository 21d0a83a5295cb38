import { readdirSync } from 'node:fs';
import { z } from 'zod';
import { parseDocument } from '../../src/datafile/document.ts';
import { readSource } from '../../src/datafile/read-source.ts';
import { type Reason, reasons } from '../../src/knowledge/vocabulary.ts';
import { type Stage, stages } from '../../src/smtp/stage.ts';

const folder = new URL('field/', import.meta.url);

const schema = z.array(
  z.strictObject({
    reason: z.enum(reasons),
    stage: z.enum(stages).optional(),
    provider: z.string().optional(),
    source: z.string().min(3),
    replies: z.array(z.union([z.string(), z.array(z.string()).min(2)])).min(1),
  }),
);

/** A reply of the field with what it means, as a person read it. */
export interface FieldReply {
  readonly reason: Reason;
  readonly stage?: Stage;
  readonly provider?: string;
  readonly lines: readonly string[];
}

/** The batches, by file name; each was written before the rules that it led to. */
export const batches: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.yaml'))
  .sort();

/** Bytes above ASCII are held as Latin-1, as they would come off the wire. */
export async function fieldReplies(batch: string): Promise<readonly FieldReply[]> {
  const source = await readSource(new URL(batch, folder).pathname);
  if (Array.isArray(source)) throw new Error(JSON.stringify(source));
  const parsed = parseDocument(source, schema);
  if ('issues' in parsed) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value.flatMap(({ replies, reason, stage, provider }) =>
    replies.map((reply) => ({
      reason,
      ...(stage === undefined ? {} : { stage }),
      ...(provider === undefined ? {} : { provider }),
      lines: [reply].flat().map((line) => Buffer.from(line, 'utf8').toString('latin1')),
    })),
  );
}
