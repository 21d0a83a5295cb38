import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { parseDocument } from '../datafile/document.ts';
import type { Issue } from '../datafile/issue.ts';
import { readSource } from '../datafile/read-source.ts';
import { type Verdict, verdicts } from '../verify/vocabulary.ts';

/** Text between slashes is a regular expression. */
const patternIn = (text: string): string | undefined => /^\/(.*)\/$/s.exec(text)?.[1];

const words = z.string().refine((text) => {
  try {
    return new RegExp(patternIn(text) ?? '') instanceof RegExp;
  } catch {
    return false;
  }
}, 'is not a regular expression');

const scalar = z.union([words, z.number(), z.boolean(), z.null()]);

const answerSchema = z.strictObject({
  /** Path into the answer to what must stand there; `/words/` is a regular expression. All must hold. */
  when: z.record(z.string(), z.union([scalar, z.array(scalar)])),
  verdict: z.enum(verdicts),
});

/** A file in `fixtures/exam-mappings/`: what a validator's answers mean in our vocabulary. */
const mappingSchema = z.strictObject({
  mapping: z.string().min(1).describe('whose answers they are'),
  source: z.string().optional(),
  /** The first that fits counts. `text` is all that was said, `exit` the exit code of a command, `value` the answer itself. */
  answers: z.array(answerSchema).min(1),
});

export interface Mapping {
  readonly name: string;
  readonly answers: z.output<typeof mappingSchema>['answers'];
}

/** What a validator said, as mappings look at it. */
export interface Said {
  readonly value: unknown;
  readonly text: string;
  readonly exit?: number;
}

const ours = fileURLToPath(new URL('../../fixtures/exam-mappings/', import.meta.url));

export async function mappingNames(): Promise<readonly string[]> {
  const files = await readdir(ours);
  return files
    .filter((file) => file.endsWith('.yaml'))
    .map((file) => file.replace(/\.yaml$/, ''))
    .sort();
}

/** Reads a mapping of ours by its name, or a file; or every mistake in it. */
export async function loadMapping(name: string): Promise<Mapping | readonly Issue[]> {
  const shipped = (await mappingNames()).includes(name);
  const source = await readSource(shipped ? `${ours}${name}.yaml` : name);
  if (Array.isArray(source)) return source;
  const parsed = parseDocument(source, mappingSchema);
  if ('issues' in parsed) return parsed.issues;
  return { name: shipped ? name : parsed.value.mapping, answers: parsed.value.answers };
}

export function isMapping(read: Mapping | readonly Issue[]): read is Mapping {
  return 'answers' in read;
}

/** What an answer means; undefined where the mapping has no word for it. */
export function verdictIn(said: Said, { answers }: Mapping): Verdict | undefined {
  return answers.find(({ when }) =>
    Object.entries(when).every(([path, wanted]) => fits(at(said, path), wanted)),
  )?.verdict;
}

function at({ value, text, exit }: Said, path: string): unknown {
  if (path === 'text') return text;
  if (path === 'exit') return exit;
  const keys = path
    .replace(/^value\.?/, '')
    .split('.')
    .filter((key) => key !== '');
  return keys.reduce<unknown>((inside, key) => {
    return typeof inside === 'object' && inside !== null && Object.hasOwn(inside, key)
      ? (inside as Record<string, unknown>)[key]
      : undefined;
  }, value);
}

type Wanted = z.output<typeof scalar> | readonly z.output<typeof scalar>[];

function fits(found: unknown, wanted: Wanted): boolean {
  if (Array.isArray(wanted)) return wanted.some((one) => fits(found, one));
  if (typeof wanted === 'string') {
    const pattern = patternIn(wanted);
    if (pattern !== undefined)
      return typeof found === 'string' && new RegExp(pattern, 'i').test(found.slice(0, 10_000));
    return typeof found === 'string' && found.toLowerCase() === wanted.toLowerCase();
  }
  return wanted === null ? found === null : found === wanted;
}
