import type { Stage } from '../smtp/stage.ts';
import type { Meaning, ReplyCode } from './schema/reply-codes.ts';

/** What the number says at this stage. */
export function meaningAt(code: ReplyCode, stage: Stage | undefined): Meaning {
  const here = stage === undefined ? undefined : code.at?.[stage];
  return {
    says: here?.says ?? code.says,
    about: here?.about ?? code.about,
    reason: here?.reason ?? code.reason,
    confidence: here?.confidence ?? code.confidence,
    advice: here?.advice ?? code.advice,
    verifier: here?.verifier ?? code.verifier,
  };
}

/** Whether a standard allows the code at this stage; true where the stage is not known. */
export function belongsAt(code: ReplyCode, stage: Stage | undefined): boolean {
  if (stage === undefined || code.stages[0] === 'any') return true;
  const allowed = code.stages as readonly Stage[];
  // Up to the greeting there is one answer, whichever of the two stages it is put down to.
  return allowed.includes(stage === 'connect' ? 'greeting' : stage);
}
