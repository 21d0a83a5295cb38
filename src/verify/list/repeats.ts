import { readAddress } from '../address.ts';
import type { Verification } from '../verification.ts';

/** Addresses that stand in a list more than once. While one is asked about, the others wait. */
export class Repeats<Entry extends { readonly address: string }> {
  /** For each address that is being asked about, the other entries that have it. */
  readonly #waiting = new Map<string, Entry[]>();
  #size = 0;

  /** Entries that wait for what another finds out. */
  get size(): number {
    return this.#size;
  }

  /** False for the first entry of an address, which has to ask; any other waits until the first has `settled`. */
  joins(entry: Entry): boolean {
    const address = wireOf(entry);
    if (address === '') return false;
    const before = this.#waiting.get(address);
    if (!before) {
      this.#waiting.set(address, []);
      return false;
    }
    before.push(entry);
    this.#size++;
    return true;
  }

  /** Those that waited for this one. */
  settled(entry: Entry): readonly Entry[] {
    const address = wireOf(entry);
    const waited = this.#waiting.get(address) ?? [];
    this.#waiting.delete(address);
    this.#size -= waited.length;
    return waited;
  }
}

/** What has been found out, for another entry with the same address; `now`, where it is an answer. */
export function sameFor(
  { address }: { readonly address: string },
  found: Verification,
  now: number | undefined,
): Verification {
  const isAnswer = now !== undefined && found.expires > now;
  return { ...(isAnswer ? { cached: { at: now, age: 0 } } : {}), ...found, address: address.trim() };
}

/** The address as hosts see it; empty for what is none. */
function wireOf({ address }: { readonly address: string }): string {
  const asked = readAddress(address);
  return 'fault' in asked ? '' : asked.wire;
}
