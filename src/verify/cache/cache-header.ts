import { randomBytes } from 'node:crypto';
import {
  closeSync,
  linkSync,
  openSync,
  readSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { z } from 'zod';

/** A file that is no cache of ours, or one that cannot be used. Nothing in it has been changed. */
export class CacheError extends Error {}

const version = 1;
const mark = 'verify-cache';
const mostHeader = 4_096;

const headerSchema = z.object({
  mxlab: z.literal(mark),
  version: z.literal(version),
  hashed: z.boolean(),
  salt: z.string().regex(/^[0-9a-f]{32}$/),
});

/** The first line of a cache: what it is, whether names stand in it, and the salt of its keys. */
export type CacheHeader = z.output<typeof headerSchema>;

export function headerLine(header: CacheHeader): string {
  return `${JSON.stringify(header)}\n`;
}

/** Reads the first line of an open file. Throws a CacheError where it is none of ours. */
export function readHeader(descriptor: number, path: string): CacheHeader {
  const bytes = Buffer.alloc(mostHeader);
  const size = readSync(descriptor, bytes, 0, mostHeader, 0);
  const end = bytes.subarray(0, size).indexOf(10);
  const header = end < 0 ? undefined : parsed(bytes.toString('utf8', 0, end));
  const read = headerSchema.safeParse(header);
  if (read.success) return read.data;
  const { data } = z.object({ mxlab: z.literal(mark), version: z.number() }).safeParse(header);
  throw new CacheError(
    data && data.version > version
      ? `${path} was written by a newer mxlab: its format is ${data.version}, and this one reads ${version}. It was left as it is`
      : `${path} is no cache of mxlab verify. It was left as it is`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Makes a cache without entries, unless somebody else was faster. Only its owner may read it: it is about people. */
export function createCache(path: string, hashed: boolean): void {
  const header: CacheHeader = { mxlab: mark, version, hashed, salt: randomBytes(16).toString('hex') };
  const made = `${path}.${randomBytes(6).toString('hex')}.new`;
  const descriptor = openSync(made, 'wx', 0o600);
  try {
    writeSync(descriptor, headerLine(header));
  } finally {
    closeSync(descriptor);
  }
  try {
    place(made, path);
  } finally {
    rmSync(made, { force: true });
  }
}

function place(made: string, path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.size === 0) return renameSync(made, realpathSync(path)); // empty, such as of mktemp
  try {
    linkSync(made, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'EEXIST') renameSync(made, path); // a disk without hard links
  }
}
