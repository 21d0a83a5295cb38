import { type EndOptions, toHaveEnded } from './ended.ts';
import { type ReplyOptions, toHaveReplied } from './replied.ts';
import { toHaveSaid } from './said.ts';
import { toHaveSentMessage, type WantedMessage } from './sent-message.ts';

/** For `expect.extend` of vitest or Jest: what can be asked of the dialogues of a lab. */
export const mxlabMatchers = { toHaveEnded, toHaveReplied, toHaveSaid, toHaveSentMessage };

/** The same as methods of what `expect` gives. `R` is what they return: nothing, or a promise behind `resolves`. */
export interface MxlabMatchers<R = void> {
  /** It has ended: with FIN (`closed`), with RST (`reset`), or however when nothing is said. */
  toHaveEnded(how?: 'closed' | 'reset', options?: EndOptions): R;
  /** The host gave such a reply: codes such as `550 5.1.1` or `4xx`, or words that hold a text or fit a pattern. */
  toHaveReplied(expected: string | number | RegExp, options?: ReplyOptions): R;
  /** The client said a line that holds this text or fits this pattern. */
  toHaveSaid(wanted: string | RegExp): R;
  /** The client sent such a message to its end. */
  toHaveSentMessage(wanted?: WantedMessage): R;
}
