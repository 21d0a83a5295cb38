import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { z } from 'zod';
import { parseDocument } from '../datafile/document.ts';
import type { Issue } from '../datafile/issue.ts';
import { readSource } from '../datafile/read-source.ts';
import { renderIssue } from '../datafile/render-issue.ts';
import { indexRules } from './rulebook.ts';
import { clientErrorsSchema } from './schema/client-errors.ts';
import { endingsSchema } from './schema/endings.ts';
import { enhancedCodesSchema } from './schema/enhanced-codes.ts';
import { providersSchema } from './schema/providers.ts';
import { reasonsSchema } from './schema/reasons.ts';
import { replyCodesSchema } from './schema/reply-codes.ts';
import { type RulesData, rulesSchema } from './schema/rule.ts';
import type { Shelf, Volumes } from './shelf.ts';

/** Rules of one provider go before general ones; within a folder the names of the files give the order. */
const ruleFolders = ['rules/provider/', 'rules/general/'];

const schemas = {
  'reply-codes': replyCodesSchema,
  'enhanced-codes': enhancedCodesSchema,
  providers: providersSchema,
  reasons: reasonsSchema,
  endings: endingsSchema,
  'client-errors': clientErrorsSchema,
};

/** Every volume of a shelf. */
export const volumeNames = ['rules', ...Object.keys(schemas)] as readonly (keyof Volumes)[];

/** A folder of YAML as people write it, such as `fixtures/knowledge`. */
export function yamlShelf(folder: URL): Shelf {
  return {
    async read<Name extends keyof Volumes>(name: Name): Promise<Volumes[Name]> {
      const volume = name === 'rules' ? await readRules(folder) : await readFile(folder, name);
      return volume as Volumes[Name];
    },
  };
}

function readFile(folder: URL, name: Exclude<keyof Volumes, 'rules'>): Promise<unknown> {
  return parse<unknown>(folder, `${name}.yaml`, schemas[name]);
}

async function readRules(folder: URL): Promise<Volumes['rules']> {
  const files: { file: string; data: RulesData }[] = [];
  for (const file of await ruleFiles(folder))
    files.push({ file, data: await parse(folder, file, rulesSchema) });
  return { files, index: indexRules(files) };
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

async function parse<T>(folder: URL, file: string, schema: z.ZodType<T>): Promise<T> {
  const source = await readSource(fileURLToPath(new URL(file, folder)));
  if (Array.isArray(source)) throw broken(source.map((issue) => renderIssue(issue)));
  const parsed = parseDocument(source, schema);
  if ('issues' in parsed) throw broken(parsed.issues.map((issue: Issue) => renderIssue(issue, source)));
  return parsed.value;
}

function broken(mistakes: readonly string[]): Error {
  return new Error(`the knowledge cannot be read:\n${mistakes.join('\n')}`);
}
