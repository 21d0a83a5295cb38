import type { About, Conclusion, Reason, Retry } from './vocabulary.ts';

/** What a code means by itself, and where that is written down. */
export interface CodeMeaning<Code> {
  readonly code: Code;
  readonly title: string;
  readonly says: string;
  readonly source: string;
}

/** Everything that is known about one reply. All prose is ours, except what `because` quotes. */
export interface Explanation {
  readonly reason: Reason;
  /** Whom the reply speaks of. */
  readonly about: About;
  /** What the number says at this stage; absent for a number that is in no book. */
  readonly code: CodeMeaning<number> | undefined;
  /** What the enhanced code says; the one in the words where the wire has none. */
  readonly enhanced: CodeMeaning<string> | undefined;
  readonly says: string;
  /** In order, the likeliest first. */
  readonly causes: readonly string[];
  /** What the sender should do. */
  readonly advice: string;
  readonly adviceFor: { readonly admin?: string; readonly validator?: string };
  readonly retry: Retry;
  readonly retryNote?: string;
  /** What a validator may conclude about the recipient. */
  readonly verifier: Conclusion;
  /** 0 to 1. Below 0.5 it is a guess from a code alone. */
  readonly confidence: number;
  /** File and name of the rule that won, or `enhanced-code` or `basic-code`. */
  readonly rule: string;
  /** What matched. Quotes the server: escape it before showing. */
  readonly because: string;
  /** Where the parts of the reply do not fit each other or the standards, one sentence each. */
  readonly contradictions: readonly string[];
  /** What people get wrong about these codes, and how this provider uses them. */
  readonly notes: readonly string[];
  /** Who is talking, and how that was found out. */
  readonly provider?: {
    readonly name: string;
    readonly title: string;
    readonly by: 'name' | 'host' | 'words';
  };
}
