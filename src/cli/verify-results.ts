import {
  closeSync,
  createReadStream,
  fsyncSync,
  openSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { createInterface } from 'node:readline';
import { parse as parseCsv } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { csvColumns, csvRecord, type VerifyRow } from '../report/verify/row.ts';
import { DoneEntries } from './done-entries.ts';
import { UsageError } from './exit.ts';
import { writing } from './writing.ts';

export type RowFormat = 'jsonl' | 'csv';

/** A row as a line of text, its end included. */
export function lineOf(row: VerifyRow, format: RowFormat): string {
  return format === 'jsonl' ? `${JSON.stringify(row)}\n` : stringify([csvRecord(row)]);
}

export const csvHeading = stringify([csvColumns]);

/** A file of rows that can be gone on with after any end, a crash included: each row is one line, written whole or not at all. */
export class ResultsFile {
  readonly #descriptor: number;
  readonly #format: RowFormat;
  readonly path: string;

  private constructor(path: string, descriptor: number, format: RowFormat) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#format = format;
  }

  /** Begins a file anew. Throws a UsageError where it is there already, or cannot be written. */
  static begin(path: string, format: RowFormat): ResultsFile {
    const before = sizeOf(path);
    if (before > 0)
      throw new UsageError(`${path} is there already; go on with it by --resume, or name another file.`);
    const file = new ResultsFile(path, open(path, 'w'), format);
    if (format === 'csv') file.#write(csvHeading);
    return file;
  }

  /** Goes on with a file: a last line that was not finished goes. Resolves to what is done in it as well. */
  static async resume(path: string, format: RowFormat): Promise<{ file: ResultsFile; done: DoneEntries }> {
    if (sizeOf(path) === 0) return { file: ResultsFile.begin(path, format), done: new DoneEntries() };
    const { done, end } = await readDone(path, format);
    writing(path, () => truncateSync(path, end));
    return { file: new ResultsFile(path, open(path, 'a'), format), done };
  }

  /** Throws a UsageError when the disk takes no more. */
  put(row: VerifyRow): void {
    this.#write(lineOf(row, this.#format));
  }

  close(): void {
    try {
      fsyncSync(this.#descriptor);
    } catch {
      // a device such as /dev/full cannot, and what it did not take has been told of
    } finally {
      closeSync(this.#descriptor);
    }
  }

  #write(text: string): void {
    try {
      writeFileSync(this.#descriptor, text); // goes on where it was
    } catch (error) {
      throw new UsageError(
        `${this.path} cannot be written: ${(error as Error).message}. What is in it stays; go on with --resume when there is room.`,
      );
    }
  }
}

const open = (path: string, flags: string): number => writing(path, () => openSync(path, flags));

/** Bytes in a file; 0 where there is none, or a device. */
const sizeOf = (path: string): number =>
  writing(path, () => {
    const there = statSync(path, { throwIfNoEntry: false });
    return there?.isFile() ? there.size : 0;
  });

/** The rows of a file, and where the last whole line ends, in bytes. */
async function readDone(path: string, format: RowFormat): Promise<{ done: DoneEntries; end: number }> {
  const done = new DoneEntries();
  let end = 0;
  let whole = 0;
  const stream = createReadStream(path);
  stream.on('data', (chunk) => {
    const bytes = chunk as Buffer;
    const last = bytes.lastIndexOf(10);
    if (last >= 0) end = whole + last + 1;
    whole += bytes.length;
  });
  let number = 0;
  let read = 0;
  for await (const line of createInterface({ input: stream, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    const size = Buffer.byteLength(line) + 1;
    const unfinished = read + size > whole && end < whole;
    read += size;
    if (line === '' || (format === 'csv' && number === 1)) continue;
    const n = numberOf(line, format);
    if (n === undefined) {
      if (unfinished) break;
      throw new UsageError(`${path}:${number} is no row of results in ${format}, so nothing was begun.`);
    }
    if (!unfinished) done.add(n);
  }
  return { done, end };
}

function numberOf(line: string, format: RowFormat): number | undefined {
  try {
    const n: unknown =
      format === 'jsonl' ? JSON.parse(line).n : Number(parseCsv(line, { relax_column_count: true })[0]?.[0]);
    return typeof n === 'number' && Number.isInteger(n) && n > 0 ? n : undefined;
  } catch {
    return undefined;
  }
}
