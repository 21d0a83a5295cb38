import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { shownFile } from '../report/file-name.ts';
import { UsageError } from './exit.ts';
import type { Surroundings } from './surroundings.ts';

/** Where the question comes from. */
export type ExplainSource =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'files'; readonly files: readonly string[] }
  | { readonly kind: 'pipe' };

const expected =
  'give a reply such as "550 5.1.1 No such user", a file, or - for a pipe (mxlab explain --help tells more)';

/**
 * Tells texts from files and pipes: what exists is a file, `-` or nothing at all is a pipe, everything else is text. Throws a
 * UsageError for what looks like a file and is none, and where nothing is piped in.
 */
export function sourceOf(what: readonly string[], { directory, typing }: Surroundings): ExplainSource {
  const given = what.filter((part) => part.trim() !== '');
  if (given.length === 0 || (given.length === 1 && given[0] === '-')) {
    if (given.length < what.length || (given.length === 0 && typing))
      throw new UsageError(`there is nothing to explain: ${expected}.`);
    return { kind: 'pipe' };
  }
  const files = given.map((part) => fileAt(part, directory));
  if (files.every((file) => file !== undefined)) return { kind: 'files', files };
  const [only = ''] = given;
  if (given.length === 1 && looksLikeFile(only))
    throw new UsageError(`there is no file ${only}; ${expected}.`);
  return { kind: 'text', text: typedText(given.join(' ')) };
}

/** One piece of evidence; its file's name where there are several. */
export interface ExplainPart {
  readonly file?: string;
  /** As they come. Rejects with a UsageError for a file that cannot be read. */
  readonly chunks: AsyncIterable<Buffer> | Iterable<Buffer>;
}

export function partsOf(source: ExplainSource, { input, directory }: Surroundings): readonly ExplainPart[] {
  if (source.kind === 'text') return [{ chunks: [Buffer.from(source.text, 'utf8')] }];
  if (source.kind === 'pipe') return [{ chunks: input() }];
  if (source.files.length === 1) return source.files.map((file) => ({ chunks: bytesOf(file) }));
  return source.files.map((file) => ({ file: shownFile(file, directory), chunks: bytesOf(file) }));
}

async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  try {
    yield* createReadStream(file);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error)
      throw new UsageError(`${file} cannot be read: ${error.message}.`);
    throw error;
  }
}

function fileAt(part: string, directory: string): string | undefined {
  if (part.length > 4_096 || /[\r\n\0]/.test(part)) return undefined;
  const path = resolve(directory, part);
  const facts = statSync(path, { throwIfNoEntry: false });
  if (facts === undefined) return undefined;
  if (facts.isDirectory()) {
    if (/^[\w-]+$/.test(part)) return undefined; // a word that happens to be a folder's name
    throw new UsageError(`${part} is a folder; name the files in it.`);
  }
  return path;
}

function looksLikeFile(part: string): boolean {
  return (
    /^(?:\.{0,2}\/\S+|[^\s@:]+\.(?:log|txt|eml|json|jsonl|csv|gz|\d)|\S+\/\S+\.[a-z]{2,5})$/.test(part) &&
    !/^[2-5]\.\d/.test(part)
  );
}

/** A shell hands `\n` over as it was typed; in front of a number it parts the lines of a reply. */
function typedText(text: string): string {
  return text.replace(/(?:\\r)?\\n(?=[2-5]\d\d[ -])/g, '\n');
}
