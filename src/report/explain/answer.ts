import type { Finding } from '../../evidence/finding.ts';
import type { ClientErrorExplanation } from '../../knowledge/client-errors.ts';
import type { EndingExplanation } from '../../knowledge/endings.ts';
import type { Explanation } from '../../knowledge/explanation.ts';
import type { Stage } from '../../smtp/stage.ts';

export type FoundReply = Extract<Finding, { kind: 'reply' }>;
export type FoundEnding = Extract<Finding, { kind: 'ending' }>;
export type FoundComplaint = Extract<Finding, { kind: 'complaint' }>;

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
  | {
      readonly kind: 'complaint';
      readonly finding: FoundComplaint;
      readonly meaning?: ClientErrorExplanation;
    };
