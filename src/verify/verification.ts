import type { Reason } from '../knowledge/vocabulary.ts';
import type { Reply } from '../smtp/reply.ts';
import type { Stage } from '../smtp/stage.ts';
import type { Ending } from '../transcript/ending.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { ControlCount, Share } from './belief.ts';
import type { Existence, SubReason, Verdict, VerifyEvent } from './vocabulary.ts';

/** What one control address got; it cannot exist. */
export interface ControlProbe {
  readonly address: string;
  readonly host?: string;
  readonly result: 'accepted' | 'refused' | 'deferred' | 'none';
  readonly reply?: Reply;
}

/** What a verdict rests on. */
export interface VerifyEvidence {
  /** The rule of fixtures/verify/rules.yaml that decided. */
  readonly rule: string;
  readonly event?: VerifyEvent;
  /** Of an event on a connection. */
  readonly ending?: Ending;
  readonly stage?: Stage;
  readonly host?: string;
  /** The host's IP address. */
  readonly ip?: string;
  readonly reply?: Reply;
  readonly reason?: Reason;
  /** What the words or the codes of the reply say, in a sentence. */
  readonly says?: string;
  readonly controls: readonly ControlProbe[];
  readonly postmaster?: Reply;
  /** How often the question was put. */
  readonly tries: number;
  /** ms from the first question to the verdict. */
  readonly elapsed: number;
  /** One for each connection, in order; empty where connections are shared with other addresses. */
  readonly transcripts: readonly Transcript[];
}

/** What is known about an address, and how surely. */
export interface Verification {
  /** As asked. */
  readonly address: string;
  readonly verdict: Verdict;
  readonly subReason: SubReason;
  readonly exists: Existence;
  /** In the verdict, 0 to 1; 0 for `unknown`. */
  readonly confidence: number;
  /** When it may be worth asking again, in ms since 1970; absent when asking again changes nothing. */
  readonly retryableFrom?: number;
  /** Until when the verdict may be kept, in ms since 1970. */
  readonly expires: number;
  /** Whether the whole domain accepts everything. */
  readonly catchAll?: {
    readonly probability: number;
    readonly controls: ControlCount;
    readonly share: Share;
  };
  readonly evidence: VerifyEvidence;
  /** It is from a cache: when it was found out, in ms since 1970, and how long ago, in ms. */
  readonly cached?: { readonly at: number; readonly age: number };
  /** What else a person should know, a sentence each. */
  readonly notes: readonly string[];
}

/** The word for a confidence. */
export function confidenceWord(confidence: number): 'high' | 'medium' | 'low' | 'none' {
  if (confidence >= 0.95) return 'high';
  if (confidence >= 0.75) return 'medium';
  return confidence >= 0.5 ? 'low' : 'none';
}
