import { replyCodes, replyText } from '../smtp/reply.ts';
import { stageFacts } from '../smtp/stage.ts';
import { showBytes } from '../text/escape.ts';
import { describeEnding } from '../transcript/ending.ts';
import { confidenceWord, type Verification } from '../verify/verification.ts';

/** What a verify step found out about one address. */
export interface Verified {
  readonly verification: Verification;
  /** ms after the verdict that it may be worth asking again; absent where asking again changes nothing. */
  readonly again?: number;
}

/** `0.98 (high)`, cut and not rounded: 0.9996 is not certain. */
export function describeConfidence(confidence: number): string {
  return `${(Math.floor(confidence * 1_000) / 1_000).toFixed(3)} (${confidenceWord(confidence)})`;
}

/** The verdict and why: `unknown, blocklisted`. */
export function describeVerdict({ verdict, subReason }: Verification): string {
  return `${verdict}, ${subReason}`;
}

/** What decided: `550 5.1.1 No such user in reply to RCPT TO at mx.example.net`. */
export function describeGrounds({ evidence, notes }: Verification): string {
  const { reply, ending, event, stage, host } = evidence;
  const where = host === undefined ? '' : ` at ${host}`;
  if (reply) {
    const said = stage === undefined ? '' : ` in reply to ${stageFacts[stage].said}`;
    return `${`${replyCodes(reply)} ${showBytes(replyText(reply))}`.trim()}${said}${where}`;
  }
  if (ending) return `${host ?? 'the host'} ${describeEnding(ending)}`;
  return [event, ...notes].filter((words) => words !== undefined).join('. ');
}
