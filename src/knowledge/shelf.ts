import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { parseDocument } from '../datafile/document.ts';
import type { Issue } from '../datafile/issue.ts';
import { readSource } from '../datafile/read-source.ts';
import { renderIssue } from '../datafile/render-issue.ts';
import { type ClientErrorBook, clientErrorsSchema } from './client-errors.ts';
import { type EndingBook, endingsSchema } from './endings.ts';
import { EnhancedCodeBook, enhancedCodesSchema } from './enhanced-codes.ts';
import type { Books } from './judge.ts';
import { ProviderBook, providersSchema } from './providers.ts';
import { type ReasonBook, reasonsSchema } from './reasons.ts';
import { replyCodesSchema } from './reply-codes.ts';
import { type RulesData, rulesSchema } from './rule.ts';
import { Rulebook } from './rulebook.ts';

/** Rules of one provider go before general ones; within a folder the names of the files give the order. */
const ruleFolders = ['rules/provider/', 'rules/general/'];

/** Reads every file of a folder of knowledge. */
export async function readBooks(
  folder: URL,
): Promise<{ books: Books; reasons: ReasonBook; endings: EndingBook }> {
  const [codes, enhanced, providers, reasons, endings, files] = await Promise.all([
    read(folder, 'reply-codes.yaml', replyCodesSchema),
    read(folder, 'enhanced-codes.yaml', enhancedCodesSchema),
    read(folder, 'providers.yaml', providersSchema),
    read(folder, 'reasons.yaml', reasonsSchema),
    read(folder, 'endings.yaml', endingsSchema),
    ruleFiles(folder),
  ]);
  const rules: { file: string; data: RulesData }[] = [];
  for (const file of files) rules.push({ file, data: await read(folder, file, rulesSchema) });
  return {
    books: {
      rulebook: new Rulebook(rules),
      enhancedCodes: new EnhancedCodeBook(enhanced),
      codes: new Map(codes.codes.map((code) => [code.code, code])),
      providers: new ProviderBook(providers),
    },
    reasons: reasons.reasons,
    endings,
  };
}

/** The index of what clients print: only those who are asked about it read it. */
export function readClientErrors(folder: URL): Promise<ClientErrorBook> {
  return read(folder, 'client-errors.yaml', clientErrorsSchema);
}

async function ruleFiles(folder: URL): Promise<string[]> {
  const listings = ruleFolders.map(async (path) => {
    const names = await readdir(new URL(path, folder));
    return names
      .filter((name) => name.endsWith('.yaml'))
      .sort()
      .map((name) => `${path}${name}`);
  });
  return (await Promise.all(listings)).flat();
}

async function read<T>(folder: URL, file: string, schema: z.ZodType<T>): Promise<T> {
  const source = await readSource(fileURLToPath(new URL(file, folder)));
  if (Array.isArray(source)) throw broken(source.map((issue) => renderIssue(issue)));
  const parsed = parseDocument(source, schema);
  if ('issues' in parsed) throw broken(parsed.issues.map((issue: Issue) => renderIssue(issue, source)));
  return parsed.value;
}

function broken(mistakes: readonly string[]): Error {
  return new Error(`the knowledge cannot be read:\n${mistakes.join('\n')}`);
}
