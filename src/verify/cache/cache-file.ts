import {
  closeSync,
  constants,
  fstatSync,
  openSync,
  readSync,
  realpathSync,
  type Stats,
  statSync,
  writeSync,
} from 'node:fs';
import { CacheError, type CacheHeader, createCache, readHeader } from './cache-header.ts';
import { compact } from './compact-cache.ts';
import { type Head, lineOf, mostLine, readHead } from './keyed-lines.ts';
import { LineIndex } from './line-index.ts';
import { linesOf } from './lines-of.ts';

/** A line of the file, taken apart. */
export interface Found {
  readonly at: number;
  readonly until: number;
  readonly content: Readonly<Record<string, unknown>>;
}

/** Lines that hold no more, from so many on (and more than hold), are left out by writing the file anew. */
const mostDead = 4_096;
/** Keys that are found again; what is beyond is written, and found when others have gone. */
const mostKeys = 4_000_000;
const firstRead = 4_096;
const usual = constants.O_RDWR | constants.O_APPEND;

/**
 * A file of lines, each with a key and an end of its time. Lines are only ever added, each in one write, so that several processes may
 * have it open, and an end at any moment costs no more than the last line; what is cut off or none of ours is passed over.
 */
export class CacheFile {
  readonly path: string;
  #descriptor: number;
  #header: CacheHeader;
  #index = new LineIndex();
  /** Where our own last line ended, if nobody else wrote behind it. */
  #end: number | undefined;
  #trouble: string | undefined;

  private constructor(path: string, descriptor: number, header: CacheHeader) {
    this.path = path;
    this.#descriptor = descriptor;
    this.#header = header;
  }

  /** Opens a file, or makes it. Throws a CacheError. */
  static open(path: string, { hashed, now }: { readonly hashed: boolean; readonly now: number }): CacheFile {
    try {
      const there = statSync(path, { throwIfNoEntry: false });
      if (there && !there.isFile()) throw new CacheError(`${path} is no regular file`);
      if (!there?.size) createCache(path, hashed);
      const real = realpathSync(path); // what a link leads to is written anew, not the link
      const descriptor = openSync(real, usual);
      const file = new CacheFile(real, descriptor, headerOf(descriptor, path));
      const { dead } = file.#read(now);
      if (dead >= mostDead && dead > file.#index.size) file.#compact(now);
      return file;
    } catch (error) {
      if (error instanceof CacheError) throw error;
      const [why] = (error as Error).message.split(', '); // what follows names files of our own
      throw new CacheError(`${path} cannot be used as a cache: ${why}`);
    }
  }

  get salt(): string {
    return this.#header.salt;
  }

  /** No names stand in it. */
  get hashed(): boolean {
    return this.#header.hashed;
  }

  /** Why nothing is written any more. */
  get trouble(): string | undefined {
    return this.#trouble;
  }

  get(key: Buffer): Found | undefined {
    const offset = this.#index.get(key);
    const line = offset === undefined ? undefined : this.#lineAt(offset);
    const head = line && readHead(line);
    if (!line || !head?.key.equals(key)) return undefined;
    try {
      return { at: head.at, until: head.until, content: JSON.parse(line.toString('utf8')) };
    } catch {
      return undefined; // cut off, or written over by hand
    }
  }

  /** Adds a line. What cannot be written is not kept, and `trouble` says why. */
  put(head: Head, content: object): void {
    if (this.#trouble !== undefined) return;
    const line = Buffer.from(lineOf(head, content));
    if (line.length > mostLine) return;
    try {
      this.#append(line, head.key);
      if (this.#wasReplaced()) {
        this.#reopen(head.at);
        this.#append(line, head.key); // it may have gone into the file that is no more
      }
    } catch (error) {
      this.#trouble = (error as Error).message;
    }
  }

  close(): void {
    closeSync(this.#descriptor);
  }

  #append(line: Buffer, key: Buffer): void {
    const start = fstatSync(this.#descriptor).size;
    if (start === 0) throw new Error('it was emptied');
    const isWhole = start === this.#end || endsWithLine(this.#descriptor, start);
    const whole = isWhole ? line : Buffer.concat([Buffer.from('\n'), line]);
    const written = writeSync(this.#descriptor, whole);
    if (written < whole.length) throw new Error('ENOSPC: no space left on device, write');
    const { size } = fstatSync(this.#descriptor);
    this.#end = size - start === whole.length ? size : undefined;
    if (this.#end !== undefined) this.#enter(key, size - line.length); // else others wrote too: it is found the next time
  }

  #enter(key: Buffer, offset: number): void {
    if (this.#index.size < mostKeys || this.#index.get(key) !== undefined) this.#index.set(key, offset);
  }

  /** Enters the lines that hold into the index. */
  #read(now: number): { readonly dead: number } {
    this.#index = new LineIndex();
    let lines = 0;
    for (const { line, offset } of linesOf(this.#descriptor)) {
      if (offset === 0) continue;
      lines++;
      const head = readHead(line);
      if (head && head.until > now) this.#enter(head.key, offset);
    }
    return { dead: lines - this.#index.size };
  }

  #lineAt(offset: number): Buffer | undefined {
    for (const length of [firstRead, mostLine]) {
      const bytes = Buffer.allocUnsafe(length);
      const size = readSync(this.#descriptor, bytes, 0, length, offset);
      const end = bytes.subarray(0, size).indexOf(10);
      if (end >= 0) return bytes.subarray(0, end);
      if (size < length) return undefined;
    }
    return undefined;
  }

  /** Another process has written the file anew. */
  #wasReplaced(): boolean {
    const there = statSync(this.path, { throwIfNoEntry: false });
    return there !== undefined && !isSame(there, fstatSync(this.#descriptor));
  }

  #reopen(now: number): void {
    const descriptor = openSync(this.path, usual);
    const header = headerOf(descriptor, this.path);
    if (header.salt !== this.#header.salt) throw new CacheError(`${this.path} has become another cache`);
    closeSync(this.#descriptor);
    this.#descriptor = descriptor;
    this.#header = header;
    this.#read(now);
  }

  #compact(now: number): void {
    const done = compact({
      path: this.path,
      descriptor: this.#descriptor,
      header: this.#header,
      holds: ({ key }, offset) => this.#index.get(key) === offset,
    });
    if (done) this.#reopen(now);
  }
}

function headerOf(descriptor: number, path: string): CacheHeader {
  try {
    return readHeader(descriptor, path);
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

const isSame = (a: Stats, b: Stats): boolean => a.ino === b.ino && a.dev === b.dev;

function endsWithLine(descriptor: number, size: number): boolean {
  const last = Buffer.alloc(1);
  return readSync(descriptor, last, 0, 1, size - 1) === 1 && last[0] === 10;
}
