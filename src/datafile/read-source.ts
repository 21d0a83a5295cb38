import { isUtf8 } from 'node:buffer';
import { type FileHandle, open, stat } from 'node:fs/promises';
import { fileIssue, type Issue } from './issue.ts';
import type { Source } from './source.ts';

/** The largest file that is read, in bytes. */
export const largestFile = 1024 * 1024;

/**
 * Reads a text file that a person wrote. Whatever is wrong with it comes back as issues: missing, not a file,
 * not readable, larger than 1 MiB (of which no more is read), not UTF-8.
 */
export async function readSource(path: string): Promise<Source | Issue[]> {
  try {
    // Asked before opening: opening a pipe would wait for its writer.
    const facts = await stat(path);
    if (facts.isDirectory()) return [fileIssue(path, 'is a directory, not a file')];
    if (!facts.isFile()) return [fileIssue(path, 'is not a regular file')];
    if (facts.size > largestFile) return [tooLarge(path, facts.size)];
    const bytes = await readBounded(path);
    return bytes.length > largestFile ? [tooLarge(path, bytes.length)] : decode(path, bytes);
  } catch (error) {
    const why = refusals[(error as NodeJS.ErrnoException).code ?? ''];
    if (why === undefined) throw error;
    return [fileIssue(path, why)];
  }
}

const refusals: Readonly<Record<string, string>> = {
  ENOENT: 'does not exist',
  ENOTDIR: 'does not exist: a part of its path is not a directory',
  EISDIR: 'is a directory, not a file',
  EACCES: 'may not be read: permission denied',
  EPERM: 'may not be read: permission denied',
  ELOOP: 'is a symbolic link that leads in a circle',
  ENAMETOOLONG: 'has a name that is too long',
  ERR_INVALID_ARG_VALUE: 'has a name that no file can have',
};

function tooLarge(path: string, size: number): Issue {
  return fileIssue(path, `is too large: ${size} bytes, of at most ${largestFile} (1 MiB)`);
}

/** At most one byte more than allowed, even when the file grows meanwhile. */
async function readBounded(path: string): Promise<Buffer> {
  const handle = await open(path, 'r');
  try {
    return await fill(handle, Buffer.alloc(largestFile + 1));
  } finally {
    await handle.close();
  }
}

async function fill(handle: FileHandle, bytes: Buffer): Promise<Buffer> {
  let filled = 0;
  while (filled < bytes.length) {
    const { bytesRead } = await handle.read(bytes, filled, bytes.length - filled, null);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return bytes.subarray(0, filled);
}

function decode(file: string, bytes: Buffer): Source | Issue[] {
  if (bytes.includes(0)) return [fileIssue(file, 'is not a text file: it holds NUL bytes')];
  if (!isUtf8(bytes)) {
    return [fileIssue(file, `is not a UTF-8 text file: line ${lineOutsideUtf8(bytes)} cannot be read`)];
  }
  const text = bytes.toString('utf8');
  return { file, text: text.startsWith('\ufeff') ? text.slice(1) : text };
}

/** A line feed is never part of a longer character, so lines can be judged one by one. */
function lineOutsideUtf8(bytes: Buffer): number {
  let line = 1;
  let start = 0;
  for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, start)) {
    if (!isUtf8(bytes.subarray(start, end))) return line;
    line++;
    start = end + 1;
  }
  return line;
}
