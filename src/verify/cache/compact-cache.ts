import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fstatSync,
  fsyncSync,
  openSync,
  readdirSync,
  renameSync,
  statSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { minutes } from '../../time/duration.ts';
import { type CacheHeader, headerLine } from './cache-header.ts';
import { type Head, readHead } from './keyed-lines.ts';
import { linesOf } from './lines-of.ts';

/** A lock of somebody who has been at it for longer is that of somebody who is no more. */
const longest = minutes(10);
const ending = '.compacting';

interface Compaction {
  readonly path: string;
  readonly descriptor: number;
  readonly header: CacheHeader;
  /** Whether the line that begins at this offset is to stay. */
  readonly holds: (head: Head, offset: number) => boolean;
}

/**
 * Writes a cache anew without the lines that hold no more, beside the old one, and puts it into its place at once. What others add to
 * the old file meanwhile comes along; who adds later sees that the file is another one. False when somebody else is at it.
 */
export function compact(compaction: Compaction): boolean {
  const lock = `${compaction.path}.lock`;
  const made = `${compaction.path}.${randomBytes(6).toString('hex')}${ending}`;
  const own = takeLock(lock);
  if (own === undefined) return false;
  try {
    removeRemains(compaction.path);
    return rewrite(compaction, made);
  } catch {
    remove(made); // no room for two of them, or no leave: it goes on as it is
    return false;
  } finally {
    if (statSync(lock, { throwIfNoEntry: false })?.ino === fstatSync(own).ino) remove(lock); // who was too slow has lost it
    closeSync(own); // as long as it is open, its number is nobody else's
  }
}

function rewrite({ path, descriptor, header, holds }: Compaction, made: string): boolean {
  const anew = openSync(made, 'ax', fstatSync(descriptor).mode & 0o777);
  try {
    writeSync(anew, headerLine(header));
    const end = fstatSync(descriptor).size;
    copy(descriptor, anew, (line, offset) => {
      const head = offset > 0 && offset < end ? readHead(line) : undefined;
      return head !== undefined && holds(head, offset);
    });
    fsyncSync(anew);
    if (statSync(path).ino !== fstatSync(descriptor).ino) throw new Error('somebody else was faster');
    renameSync(made, path);
    copy(descriptor, anew, (_, offset) => offset >= end, end);
    return true;
  } finally {
    closeSync(anew);
  }
}

const batch = 1 << 18;

function copy(from: number, to: number, stays: (line: Buffer, offset: number) => boolean, start = 0): void {
  let lines: Buffer[] = [];
  let size = 0;
  const flush = (): void => {
    for (let bytes = Buffer.concat(lines); bytes.length > 0; ) bytes = bytes.subarray(writeSync(to, bytes));
    lines = [];
    size = 0;
  };
  for (const { line, offset } of linesOf(from, start)) {
    if (!stays(line, offset)) continue;
    lines.push(Buffer.concat([line, Buffer.from('\n')]));
    size += line.length + 1;
    if (size > batch) flush();
  }
  flush();
}

/** Our lock, open; undefined while it is somebody else's. */
function takeLock(lock: string): number | undefined {
  try {
    return openSync(lock, 'wx');
  } catch {
    const there = statSync(lock, { throwIfNoEntry: false });
    if (there && now(lock) - there.mtimeMs > longest) remove(lock); // for who comes next
    return undefined;
  }
}

/** The time by the clock of that disk, which is the one that the lock's age is told by. */
function now(beside: string): number {
  const probe = `${beside}.${randomBytes(6).toString('hex')}`;
  try {
    closeSync(openSync(probe, 'wx'));
    return statSync(probe).mtimeMs;
  } finally {
    remove(probe);
  }
}

/** What a process that was killed while it did this has left behind. */
function removeRemains(path: string): void {
  for (const name of readdirSync(dirname(path)))
    if (name.startsWith(`${basename(path)}.`) && name.endsWith(ending)) remove(join(dirname(path), name));
}

function remove(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // it is gone
  }
}
