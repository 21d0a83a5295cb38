import type { z } from 'zod';
import type { Told } from './explain.ts';
import type { Path } from './positions.ts';
import { closest } from './suggest.ts';
import { listed } from './words.ts';

/** One of zod's issues, with what explain() left on it. */
export type SchemaIssue = z.core.$ZodIssue & Partial<Told>;

/** A value or key that the schema refuses, by path. */
export interface Mistake {
  readonly path: Path;
  /** `missing`: the mapping at `path` lacks `key`. */
  readonly on: 'key' | 'value' | 'missing';
  readonly key?: string;
  readonly message: string;
  readonly hint?: string;
  /** The known key that an unknown one was probably meant to be. */
  readonly meant?: string;
}

/** An unknown key of the mapping at `path`, with what it was probably meant to be. */
export function unknownKey(path: Path, key: string, message: string, known: readonly string[]): Mistake {
  const meant = closest(key, known);
  return {
    path: [...path, key],
    on: 'key',
    message: known.length === 0 ? message : `${message}; known keys: ${listed(known)}`,
    ...(meant !== undefined && { meant, hint: `did you mean ${meant}?` }),
  };
}
