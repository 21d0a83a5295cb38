import { createReadStream, statSync } from 'node:fs';
import { resolve } from 'node:path';
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

/** The bytes of it, as they come. Rejects with a UsageError for a file that cannot be read. */
export async function* chunksOf(source: ExplainSource, { input }: Surroundings): AsyncGenerator<Buffer> {
  if (source.kind === 'text') yield Buffer.from(source.text, 'utf8');
  else if (source.kind === 'pipe') yield* input();
  else for (const file of source.files) yield* bytesOf(file);
}

async function* bytesOf(file: string): AsyncGenerator<Buffer> {
  let last: Buffer | undefined;
  try {
    for await (const chunk of createReadStream(file)) {
      last = chunk as Buffer;
      yield last;
    }
  } catch (error) {
    if (error instanceof Error && 'syscall' in error)
      throw new UsageError(`${file} cannot be read: ${error.message}.`);
    throw error;
  }
  if (last !== undefined && last.at(-1) !== 0x0a) yield Buffer.from('\n'); // the next file begins on a line of its own
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
