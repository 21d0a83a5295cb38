import type { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import type { ListEntry } from './verify-list.ts';

/** What a list may be written as. */
export type ListFormat = 'auto' | 'text' | 'csv';

export interface ReadOptions {
  readonly format: ListFormat;
  /** Name or number (from 1) of the column with the addresses. */
  readonly column?: string;
}

/** Bytes of a line that are read; the rest of it is passed over. No address is longer than 254. */
const mostLine = 1_024;
/** Bytes of a record of CSV. */
const mostRecord = 65_536;

const headings = /^(?:e-?mail(?:[ _-]?address)?|address|mail|recipient|rcpt)$/i;

/** A list that is not what it was said to be. */
export class ListError extends Error {}

/**
 * Reads addresses one after the other, keyed by their place in the list from 1: a line each, empty ones and those that begin with `#`
 * passed over, or a column of CSV. Whatever stands in a line is an entry; whether it is an address is for others to judge. Rejects with a
 * ListError where CSV has no such column.
 */
export async function* readEntries(stream: Readable, options: ReadOptions): AsyncGenerator<ListEntry> {
  const { head, rest } = await peek(stream);
  const format = options.format === 'auto' ? formatOf(head, options) : options.format;
  if (format === 'text') yield* textEntries(rest);
  else yield* csvEntries(rest, delimiterOf(firstLine(head)), options);
}

/** The first piece of a stream, and the stream with that piece in front again. */
async function peek(stream: Readable): Promise<{ head: string; rest: AsyncIterable<Buffer> }> {
  const pieces = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>;
  const first = await pieces.next();
  const head = first.done ? Buffer.alloc(0) : Buffer.from(first.value);
  async function* rest(): AsyncGenerator<Buffer> {
    yield head;
    for (let next = await pieces.next(); !next.done; next = await pieces.next())
      yield Buffer.from(next.value);
  }
  return { head: head.subarray(0, 4_096).toString('utf8'), rest: rest() };
}

/** CSV has a heading that names a column of addresses beside others, or was asked for by its column. */
function formatOf(head: string, { column }: ReadOptions): 'csv' | 'text' {
  if (column !== undefined) return 'csv';
  const first = firstLine(head);
  const cells = first.split(delimiterOf(first)).map(unquoted);
  return cells.some((cell) => headings.test(cell)) ? 'csv' : 'text';
}

const firstLine = (head: string): string => head.replace(/^\ufeff/, '').split(/\r?\n/)[0] ?? '';

const unquoted = (cell: string): string => cell.trim().replace(/^"(.*)"$/, '$1');

const delimiterOf = (line: string): string =>
  [',', ';', '\t'].sort((a, b) => line.split(b).length - line.split(a).length)[0] as string;

async function* textEntries(pieces: AsyncIterable<Buffer>): AsyncGenerator<ListEntry> {
  let key = 0;
  for await (const line of linesOf(pieces)) {
    const address = line.trim();
    if (address !== '' && !address.startsWith('#')) yield { key: ++key, address };
  }
}

/** Lines as UTF-8, and as Latin-1 where they are not; of a line that never ends only the beginning is kept. */
async function* linesOf(pieces: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let line: Buffer = Buffer.alloc(0);
  let first = true;
  const text = (): string => {
    const decoded = line.toString('utf8');
    const shown = decoded.includes('\ufffd') ? line.toString('latin1') : decoded;
    const plain = first ? shown.replace(/^\ufeff/, '') : shown;
    first = false;
    line = Buffer.alloc(0);
    return plain;
  };
  for await (const piece of pieces) {
    let start = 0;
    for (let end = piece.indexOf(10); end >= 0; end = piece.indexOf(10, start)) {
      line = grown(line, piece.subarray(start, end));
      yield text();
      start = end + 1;
    }
    line = grown(line, piece.subarray(start));
  }
  if (line.length > 0) yield text();
}

function grown(line: Buffer, more: Buffer): Buffer {
  const room = mostLine - line.length;
  if (room <= 0 || more.length === 0) return line;
  return line.length === 0 ? more.subarray(0, room) : Buffer.concat([line, more.subarray(0, room)]);
}

async function* csvEntries(
  pieces: AsyncIterable<Buffer>,
  delimiter: string,
  { column }: ReadOptions,
): AsyncGenerator<ListEntry> {
  let at: number | undefined;
  let key = 0;
  for await (const cells of records(pieces, delimiter)) {
    if (at === undefined) {
      at = columnOf(cells, column);
      if (column === undefined || !/^\d+$/.test(column) || !cells[at]?.includes('@')) continue; // that was the heading
    }
    yield { key: ++key, address: (cells[at] ?? '').trim() };
  }
}

function columnOf(heading: readonly string[], column: string | undefined): number {
  const names = heading.map((cell) => cell.trim());
  const at =
    column === undefined
      ? names.findIndex((name) => headings.test(name))
      : /^\d+$/.test(column)
        ? Number(column) - 1
        : names.findIndex((name) => name.toLowerCase() === column.toLowerCase());
  if (at >= 0 && at < heading.length) return at;
  const wanted = column === undefined ? 'of addresses (email, address, ...)' : `called ${column}`;
  throw new ListError(
    `the list has no column ${wanted}; its columns: ${names.slice(0, 20).join(', ') || 'none'}`,
  );
}

/** Records of CSV; quotes inside of a cell are taken as they stand. RFC 4180 */
async function* records(pieces: AsyncIterable<Buffer>, delimiter: string): AsyncGenerator<readonly string[]> {
  const parser = parse({
    bom: true,
    relax_column_count: true,
    relax_quotes: true,
    skip_empty_lines: true,
    max_record_size: mostRecord,
    delimiter,
  });
  const feeding = (async () => {
    for await (const piece of pieces) {
      if (!parser.write(piece)) await new Promise((resolve) => parser.once('drain', resolve));
    }
    parser.end();
  })();
  feeding.catch((error: Error) => parser.destroy(error));
  let read = 0;
  try {
    for await (const cells of parser) {
      read++;
      yield cells as string[];
    }
  } catch (error) {
    if ((error as CsvError).code === undefined) throw error;
    throw new ListError(
      `the list is no CSV behind record ${read}, heading included: ${faultOf(error as CsvError)}`,
    );
  }
}

function faultOf({ code, message }: CsvError): string {
  return code === 'CSV_MAX_RECORD_SIZE'
    ? 'the next one is longer than 64 KiB, as if a quote were never closed'
    : code === 'CSV_QUOTE_NOT_CLOSED'
      ? 'a quote is never closed'
      : message;
}
