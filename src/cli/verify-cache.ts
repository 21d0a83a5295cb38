import { resolve } from 'node:path';
import { parseDuration } from '../time/duration.ts';
import { CacheError } from '../verify/cache/cache-header.ts';
import { FileCache } from '../verify/cache/file-cache.ts';
import type { VerifyOptions } from '../verify/verify-address.ts';
import { UsageError } from './exit.ts';
import type { VerifyFlags, VerifyRun } from './verify-command.ts';

export interface CacheFlags {
  readonly cache?: string;
  readonly cacheFor?: string;
  readonly cacheHashed?: boolean;
}

/**
 * Does work with the cache of --cache, if there is one. One that cannot be written any more is told of at the end: the results are there
 * all the same. Throws a UsageError for a file that is none, or none of the kind that is wanted.
 */
export async function withCache(run: VerifyRun, work: (run: VerifyRun) => Promise<void>): Promise<void> {
  const cache = openCache(run.flags, run.options, run.doors.environment.clock.now());
  if (!cache) return work(run);
  try {
    await work({ ...run, options: { ...run.options, cache } });
  } finally {
    if (cache.trouble !== undefined)
      run.surroundings.complain(
        `mxlab: ${cache.path} could not be written (${cache.trouble}): not all results are kept in it.`,
      );
    cache.close();
  }
}

function openCache(flags: VerifyFlags, options: VerifyOptions, now: number): FileCache | undefined {
  const { cache, cacheFor, cacheHashed = false, redact = false } = flags;
  const keepFor = cacheFor === undefined ? undefined : parseDuration(cacheFor);
  if (cacheFor !== undefined && keepFor === undefined)
    throw new UsageError(`--cache-for ${cacheFor} is no time such as 12h or 7d.`);
  if (cache === undefined) {
    if (cacheFor === undefined && !cacheHashed) return undefined;
    throw new UsageError('--cache-for and --cache-hashed speak of a cache: name it with --cache.');
  }
  const opened = open(cache, {
    scope: scopeOf(flags, options),
    hashed: cacheHashed || redact,
    now,
    ...(keepFor === undefined ? {} : { keepFor }),
  });
  if (opened.hashed || !(cacheHashed || redact)) return opened;
  opened.close();
  const wish = redact ? '--redact' : '--cache-hashed';
  throw new UsageError(
    `${opened.path} has addresses in it, and ${wish} wants none: name another file. It was left as it is.`,
  );
}

function open(path: string, options: Parameters<typeof FileCache.open>[1]): FileCache {
  try {
    return FileCache.open(path, options);
  } catch (error) {
    if (error instanceof CacheError) throw new UsageError(`${error.message}.`);
    throw error;
  }
}

/** Answers hold for whom they were given to, and for the world that was asked. */
function scopeOf({ live, world, dns = [], from = [] }: VerifyFlags, options: VerifyOptions): string {
  const asked = world === undefined ? (live ? 'live' : 'local') : resolve(world);
  const { helo, sender, port } = options;
  return JSON.stringify([asked, [...dns].sort(), helo, sender, [...from].sort(), port]);
}
