import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { DomainFacts } from '../domain-memory.ts';
import type { Verification } from '../verification.ts';
import { CacheFile, type Found } from './cache-file.ts';
import { hashedKey } from './keyed-lines.ts';
import { readFacts, readResult, storedFacts, storedResult } from './record.ts';
import type { CacheOptions, KeptResult, ResultCache } from './result-cache.ts';

export interface FileCacheOptions extends CacheOptions {
  /** What the answers hold for beside the address: who asks, and which world is asked. Entries of other scopes are not seen. */
  readonly scope?: string;
  /** A file made anew has no address, local part or reply text in it, and hashes in place of names. */
  readonly hashed?: boolean;
  /** By the clock of those who will ask; entries that hold no more may go. ms since 1970. */
  readonly now: number;
}

/** The name of the file in a folder. */
const usualName = 'verify-cache.jsonl';

/** Keeps results and facts in a file, which several processes may use at the same time. */
export class FileCache implements ResultCache {
  readonly #file: CacheFile;
  readonly #scope: string;
  readonly #keepFor: number;

  private constructor(file: CacheFile, { scope = '', keepFor = Number.POSITIVE_INFINITY }: FileCacheOptions) {
    this.#file = file;
    this.#scope = scope;
    this.#keepFor = keepFor;
  }

  /** Opens the file, or the one in the folder, or makes it. Throws a CacheError for what is no cache, or cannot be used. */
  static open(path: string, options: FileCacheOptions): FileCache {
    const isFolder = statSync(path, { throwIfNoEntry: false })?.isDirectory() === true;
    const { hashed = false, now } = options;
    return new FileCache(CacheFile.open(isFolder ? join(path, usualName) : path, { hashed, now }), options);
  }

  /** Of the file. */
  get path(): string {
    return this.#file.path;
  }

  /** No names stand in it. */
  get hashed(): boolean {
    return this.#file.hashed;
  }

  /** Why nothing is kept any more, such as a full disk. */
  get trouble(): string | undefined {
    return this.#file.trouble;
  }

  result(address: string, now: number): KeptResult | undefined {
    const found = this.#find('result', address, now);
    const verification = found && readResult(found.content.result, domainOf(address));
    return verification && { verification: { ...verification, address }, at: found.at };
  }

  keepResult(address: string, verification: Verification, now: number): void {
    const until = Math.min(verification.expires, now + this.#keepFor);
    const names = this.hashed ? {} : { address };
    const result = storedResult(verification, this.hashed);
    this.#file.put({ key: this.#key('result', address), at: now, until }, { ...names, result });
  }

  facts(domain: string, now: number): DomainFacts | undefined {
    const found = this.#find('facts', domain, now);
    const facts = found && readFacts(found.content.facts, domain);
    return facts && { ...facts, expires: Math.min(facts.expires, this.#endOf(found)) };
  }

  keepFacts(domain: string, facts: DomainFacts, now: number): void {
    const until = Math.min(facts.expires, now + this.#keepFor);
    const names = this.hashed ? {} : { domain };
    const key = this.#key('facts', domain);
    this.#file.put({ key, at: now, until }, { ...names, facts: storedFacts(facts, this.hashed) });
  }

  close(): void {
    this.#file.close();
  }

  #key(kind: 'result' | 'facts', name: string): Buffer {
    return hashedKey(this.#file.salt, this.#scope, kind, name);
  }

  #find(kind: 'result' | 'facts', name: string, now: number): Found | undefined {
    const found = this.#file.get(this.#key(kind, name));
    return found && this.#endOf(found) > now ? found : undefined;
  }

  #endOf({ at, until }: Found): number {
    return Math.min(until, at + this.#keepFor);
  }
}

const domainOf = (address: string): string => address.slice(address.lastIndexOf('@') + 1);
