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

/** RFC 1952 2.3.1 */
const gzipMagic = Buffer.from([0x1f, 0x8b]);

/** As they are, or unpacked where the first bytes are those of gzip, whatever the name says; a piece at a time either way. */
async function* unpacked(chunks: AsyncIterable<Buffer>, name: string): AsyncGenerator<Buffer> {
  const source = chunks[Symbol.asyncIterator]();
  const held: Buffer[] = [];
  while (Buffer.concat(held).length < gzipMagic.length) {
    const step = await source.next();
    if (step.done) break;
    held.push(step.value);
  }
  const all = async function* (): AsyncGenerator<Buffer> {
    yield* held;
    for (let step = await source.next(); !step.done; step = await source.next()) yield step.value;
  };
  if (!Buffer.concat(held).subarray(0, gzipMagic.length).equals(gzipMagic)) return yield* all();
  const { createGunzip } = await import('node:zlib');
  const { Readable } = await import('node:stream');
  const packed = Readable.from(all());
  const plain = createGunzip();
  packed.on('error', (error) => plain.destroy(error));
  try {
    yield* packed.pipe(plain);
  } catch (error) {
    if (error instanceof Error && 'errno' in error && 'code' in error && String(error.code).startsWith('Z_'))
      throw new UsageError(`${name} looks like gzip and cannot be unpacked: ${error.message}.`);
    throw error;
  }
}

export function partsOf(source: ExplainSource, { input, directory }: Surroundings): readonly ExplainPart[] {
  if (source.kind === 'text') return [{ chunks: [Buffer.from(source.text, 'utf8')] }];
  if (source.kind === 'pipe') return [{ chunks: unpacked(input(), 'what was piped in') }];
  if (source.files.length === 1)
    return source.files.map((file) => ({ chunks: unpacked(bytesOf(file), file) }));
  return source.files.map((file) => ({
    file: shownFile(file, directory),
    chunks: unpacked(bytesOf(file), file),
  }));
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
