import type { Finding } from '../../evidence/finding.ts';
import type { EndingExplanation } from '../../knowledge/endings.ts';
import type { Explanation } from '../../knowledge/explanation.ts';
import type { Stage } from '../../smtp/stage.ts';

export type FoundReply = Extract<Finding, { kind: 'reply' }>;
export type FoundEnding = Extract<Finding, { kind: 'ending' }>;
export type FoundComplaint = Extract<Finding, { kind: 'complaint' }>;

/** What the words of a client mean: which endings are behind them, and how to bring them about. */
export interface ClientMeaning {
  /** As a person would call it: `nodemailer`. */
  readonly title: string;
  readonly client: string;
  /** What was recognised. Quotes the client: escape it before showing. */
  readonly printed: string;
  readonly says: string;
  readonly stage?: Stage;
  /** The likeliest first. */
  readonly endings: readonly {
    readonly id: string;
    readonly says: string;
    readonly why?: string;
    readonly advice: string;
  }[];
  /** What to type to see it happen. */
  readonly command: string;
}

/** A finding with what is known about it. */
export type Answer =
  | {
      readonly kind: 'reply';
      readonly finding: FoundReply;
      readonly stage?: Stage;
      readonly explanation: Explanation;
      /** False where there were only words, and no rule knows them. */
      readonly understood: boolean;
    }
  | {
      readonly kind: 'ending';
      readonly finding: FoundEnding;
      readonly explanation: EndingExplanation;
      readonly provider?: Explanation['provider'];
    }
  | { readonly kind: 'complaint'; readonly finding: FoundComplaint; readonly meaning?: ClientMeaning };
