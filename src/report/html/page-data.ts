import type { About, Conclusion, Retry } from '../../knowledge/vocabulary.ts';
import type { Stage } from '../../smtp/stage.ts';
import type { Verdict as Conclusive } from '../../verify/vocabulary.ts';

/*
 * What the page is given. Strings are harmless as they are: control characters and marks of direction have become
 * `\xNN` and `\uNNNN`. Times are ms on the run's clock since the scenario began, except `realMs`.
 */

/** The run as a whole; of traces, what they add up to. */
export interface PageRun {
  readonly from: 'run' | 'traces';
  readonly seed?: string | undefined;
  readonly target?: string | undefined;
  /** ms since 1970 */
  readonly madeAt?: number | undefined;
  readonly passed: number;
  readonly failed: number;
  readonly defects: number;
  readonly notRun: number;
  readonly simulatedMs: number;
  readonly realMs: number;
  /** What is wrong with files, each with its excerpt and caret. Then nothing was run. */
  readonly issues: readonly string[];
}

export type Verdict = 'passed' | 'failed' | 'defect';

/** What the list shows of a scenario, and what is searched. `id` counts from 1. */
export interface PageEntry {
  readonly id: number;
  readonly title: string;
  readonly variant: string;
  readonly file: string;
  readonly tags: readonly string[];
  readonly verdict: Verdict;
  readonly simulatedMs: number;
  /** Steps to which the real host gave another answer than the simulated one; absent without a target. */
  readonly differences?: number;
  /** Every kind of answer once. */
  readonly answers: readonly AnswerKind[];
}

/** Of an ending `code` is empty and `reason` is `closed`, `reset`, `silence` and so on; of a verdict it is that. */
export interface AnswerKind {
  readonly code: string;
  readonly enhanced: string;
  readonly reason: string;
  readonly provider: string;
}

export interface PageScenario {
  readonly id: number;
  readonly title: string;
  readonly variant: string;
  readonly about: string;
  readonly tags: readonly string[];
  readonly rules: readonly string[];
  readonly file: string;
  readonly verdict: Verdict;
  readonly defect?: string;
  readonly simulatedMs: number;
  readonly realMs: number;
  readonly steps: readonly PageStep[];
  /** The same scenario against its simulated hosts, where `steps` are against a real one. */
  readonly simulated?: readonly PageStep[];
  readonly differences?: readonly PageDifference[];
}

export interface PageStep {
  readonly number: number;
  readonly title: string;
  readonly verb: string;
  /** The title says more than what goes over the wire. */
  readonly named: boolean;
  readonly branch: string;
  /** `file:line:column` */
  readonly place: string;
  readonly atMs: number;
  readonly passed: boolean;
  readonly skipped?: string;
  readonly recipients: readonly { readonly recipient: string; readonly outcome: string }[];
  readonly checks: readonly PageCheck[];
  readonly rows: readonly PageRow[];
}

export interface PageCheck {
  readonly passed: boolean;
  /** `reply`, `capabilities has`; empty for all of the expectation. */
  readonly path: string;
  readonly expected: string;
  readonly found: string;
  /** Only of a check that did not hold. */
  readonly excerpt?: PageExcerpt;
}

export interface PageExcerpt {
  readonly place: string;
  readonly before: readonly { readonly number: number; readonly text: string }[];
  readonly number: number;
  readonly text: string;
  readonly carets: string;
}

export interface PageDifference {
  readonly step: number;
  readonly title: string;
  readonly matters: boolean;
  /** In words, in what they differ. */
  readonly how: string;
  readonly simulated: readonly string[];
  readonly real: readonly string[];
}

/** One thing that happened on a connection. `explained` is a number in the list of explanations. */
export type PageRow = { readonly at: number; readonly host?: string | undefined } & (
  | { readonly kind: 'connected'; readonly address: string }
  | {
      readonly kind: 'secured';
      readonly text: string;
      readonly certificate?: string | undefined;
      readonly explained?: number | undefined;
    }
  | {
      readonly kind: 'sent';
      /** One command, several in one segment (RFC 2920), a message, or a chunk of one behind its BDAT (RFC 3030). */
      readonly what: 'command' | 'group' | 'message' | 'chunk';
      readonly lines: readonly string[];
      /** All of it, also what the lines leave out. */
      readonly bytes: number;
      readonly unshown: number;
    }
  /** From the host, and no reply. */
  | { readonly kind: 'scraps'; readonly lines: readonly string[]; readonly unshown: number }
  | PageReply
  | { readonly kind: 'pause'; readonly ms: number; readonly text: string }
  | {
      readonly kind: 'left';
      readonly how: 'closed' | 'reset';
      readonly text: string;
      /** After 221 to QUIT: it was time to go. RFC 5321 4.1.1.10 */
      readonly due: boolean;
    }
  | { readonly kind: 'hung-up' }
  | PageEnding
  | {
      readonly kind: 'verdict';
      readonly address: string;
      readonly verdict: Conclusive;
      /** `deliverable · ok · 0.98 (high)` */
      readonly title: string;
      readonly lines: readonly string[];
    }
  | { readonly kind: 'note'; readonly text: string }
);

export interface PageReply {
  readonly kind: 'reply';
  readonly provider: string;
  readonly stage: Stage;
  readonly code: number;
  readonly enhanced: string;
  /** As on the wire, codes included. */
  readonly lines: readonly string[];
  readonly oddities: readonly string[];
  readonly unsolicited: boolean;
  readonly elapsedMs?: number | undefined;
  readonly reason: string;
  readonly explained: number;
}

export interface PageEnding {
  readonly kind: 'ending';
  /** `closed` and `reset` of a connection that broke off. */
  readonly ending: EndingName;
  readonly text: string;
  readonly stage: Stage;
  readonly certificate?: string | undefined;
  readonly explained: number;
}

export type EndingName = 'closed' | 'reset' | 'silence' | 'misspoke' | 'unreachable' | 'tls-failed' | 'ended';

/** What is known about a reply or an ending. */
export type PageExplanation =
  | {
      readonly of: 'reply';
      readonly reason: string;
      readonly about: About;
      readonly codes: readonly Meaning[];
      readonly says: string;
      readonly causes: readonly string[];
      readonly advice: string;
      readonly adviceForAdmin: string;
      readonly adviceForValidator: string;
      readonly retry: Retry;
      readonly retryNote: string;
      readonly verifier: Conclusion;
      readonly confidence: number;
      readonly rule: string;
      readonly because: string;
      readonly contradictions: readonly string[];
      readonly notes: readonly string[];
      readonly provider?: { readonly title: string; readonly by: 'name' | 'host' | 'words' };
    }
  | {
      readonly of: 'ending';
      readonly id: string;
      readonly summary: string;
      readonly says: string;
      readonly causes: readonly {
        readonly side: 'yours' | 'theirs' | 'path';
        readonly cause: string;
        readonly evidence: readonly string[];
        readonly advice: string;
        /** What to type to tell it from the others, and what to take from its passing. */
        readonly experiment?: { readonly command: string; readonly tells: string };
      }[];
      readonly advice: string;
      readonly verifier: Conclusion;
    };

interface Meaning {
  readonly code: string;
  readonly title: string;
  readonly says: string;
  readonly source: string;
}
