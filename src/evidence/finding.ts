import type { Reply } from '../smtp/reply.ts';
import type { Stage } from '../smtp/stage.ts';
import type { Ending } from '../transcript/ending.ts';
import type { Transcript } from '../transcript/transcript.ts';

/** How much of a reply somebody had: all of it, its number, its enhanced status, or words without a number. */
type Given = 'reply' | 'code' | 'status' | 'words';

/** A reply as it was quoted. */
export interface QuotedReply {
  /** To ask the knowledge with. Where no number was quoted, one that stands in no book takes its place. */
  readonly reply: Reply;
  readonly given: Given;
  /** What was quoted, one line for each line of the wire; bytes as Latin-1, at most 64 KiB. */
  readonly text: string;
}

/** Where something was found, and what else is known there. */
interface Place {
  /** The format's name, such as `postfix`. */
  readonly format: string;
  /** Counts from 1. */
  readonly line: number;
  /** Where there are several. */
  readonly file?: string;
  /** Name of the host that spoke, or of the provider, as far as the evidence tells. */
  readonly provider?: string;
}

/** One thing in the evidence that can be explained. */
export type Finding = Place &
  (
    | {
        readonly kind: 'reply';
        readonly quoted: QuotedReply;
        readonly stage?: Stage;
        /** The reply that opened the session, which may give the provider away. */
        readonly greeting?: Reply;
      }
    | {
        readonly kind: 'ending';
        readonly ending: Ending;
        readonly transcript?: Transcript;
        readonly greeting?: Reply;
      }
    /** What a client printed instead of a reply: one line, and where the evidence is short all of it up to there; Latin-1. */
    | { readonly kind: 'complaint'; readonly text: string; readonly around?: string }
  );

/** How a connection was lost, where the evidence tells. */
export type Loss = 'closed' | 'reset' | 'timed-out';

/** Reads one format, line by line. */
export interface LineReader {
  /** What the line brings, often nothing; `undefined` when it is not of this format. Lines are Latin-1 without their ends. */
  take(line: string, number: number): readonly Finding[] | undefined;
  /** The evidence ends, or goes on with something else. */
  end(number: number): readonly Finding[];
  /** Something else in the evidence says that the connection was lost. */
  lost?(how: Loss, number: number): readonly Finding[];
}

/** A way in which people hand over what a server said. */
export interface Format {
  readonly name: string;
  /** As a person would call it: `a Postfix log`. */
  readonly title: string;
  reader(): LineReader;
}

export const nothing: readonly Finding[] = [];
