import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Clock } from '../time/clock.ts';
import type { Ask } from './asking.ts';
import type { Priors } from './belief.ts';
import type { DomainMemory } from './domain-memory.ts';
import type { VerdictBook } from './rules.ts';
import type { Verification } from './verification.ts';

/** How questions are put, and by what is judged what comes back. */
export interface Inquirer {
  readonly ask: Ask;
  readonly knowledge: Knowledge;
  readonly book: VerdictBook;
  readonly memory: DomainMemory;
  readonly clock: Clock;
  readonly random: () => number;
  /** The envelope sender. */
  readonly sender: string;
  readonly priors: Priors;
  /** ms between a control that was accepted and the next one, which is to be independent of it. */
  readonly controlGap: number;
  /** ms after which nothing is asked again. */
  readonly patience: number;
}

/** A question that was put off. Plain data: it can be written down and taken up again. */
export interface Pending {
  readonly address: string;
  /** When it was put first, and when to put it again, in ms since 1970. */
  readonly first: number;
  readonly next: number;
  readonly tries: number;
  /** The same sender, host and control go along, or a greylist begins anew (RFC 6647 4.2). */
  readonly sender: string;
  readonly prefer?: string;
  readonly control?: string;
  /** A second control, which was put off in its turn. */
  readonly second?: string;
  /** Why it waits. */
  readonly verification: Verification;
}

export type InquiryResult = { readonly done: Verification } | { readonly pending: Pending };
