import type { Resolver } from '../dns/resolver.ts';
import type { Dial } from '../probe/environment.ts';
import type { Clock } from '../time/clock.ts';

/** What a validator said, before anybody has made sense of it. Times are real ms. */
export type RawAnswer =
  | { readonly kind: 'said'; readonly value: unknown; readonly text: string; readonly exit?: number }
  | { readonly kind: 'hung' }
  | { readonly kind: 'crashed'; readonly why: string };

/** Where a validator is asked: the doors of the case's world. */
export interface ExamDoors {
  readonly resolver: Resolver;
  readonly dial: Dial;
  readonly clock: Clock;
  readonly random: () => number;
}

/** A validator under exam. */
export interface Validator {
  readonly name: string;
  /** Asks about one address; gives up when the signal fires. Never rejects. */
  ask(address: string, doors: ExamDoors, signal: AbortSignal): Promise<RawAnswer>;
  /** Makes ready for one more question; what that takes is not counted against the validator. May reject where it cannot. */
  ready?(): Promise<void>;
  close?(): Promise<void>;
}

/** Text that says JSON is its value, that of its last line if not of the whole; other text is a string. */
export function valueIn(text: string): unknown {
  const trimmed = text.trim();
  for (const candidate of [trimmed, trimmed.split('\n').at(-1) ?? '']) {
    try {
      return JSON.parse(candidate);
    } catch {
      // then it is something else
    }
  }
  return trimmed;
}
