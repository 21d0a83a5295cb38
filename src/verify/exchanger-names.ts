import { createHash } from 'node:crypto';
import type { Exchanger } from '../dns/exchangers.ts';

const sealed = '#';

/** The hosts of a domain in a word, by which they are known again. */
export function namesOf(exchangers: readonly Pick<Exchanger, 'host'>[]): string {
  return exchangers
    .map(({ host }) => host)
    .sort()
    .join(' ');
}

/** The same, not to be read: who has a name in mind may still try it. */
export function sealNames(names: string): string {
  if (names.startsWith(sealed)) return names;
  return sealed + createHash('sha256').update(names).digest('base64url');
}

/** Whether these are the same hosts, sealed or not. */
export function isSameNames(one: string, other: string): boolean {
  return (
    one === other ||
    (one.startsWith(sealed) !== other.startsWith(sealed) && sealNames(one) === sealNames(other))
  );
}
