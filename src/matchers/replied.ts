import { type Reply, replyCodes, replyText } from '../smtp/reply.ts';
import { fitsPattern, readReplyPattern } from '../smtp/reply-pattern.ts';
import type { Stage } from '../smtp/stage.ts';
import { groupReplies } from '../transcript/replies.ts';
import { StageTracker } from '../transcript/stage-tracker.ts';
import { type AnyDialogue, holds, judge, type MatcherOutcome, quoted } from './outcome.ts';

/** What a reply was given to. */
export interface ReplyOptions {
  /** A verb such as `RCPT`, or a stage such as `greeting` or `message`. */
  readonly to?: string;
}

interface Given {
  readonly reply: Reply;
  readonly stage: Stage;
  readonly verb: string;
}

/**
 * The host gave such a reply: codes such as `550 5.1.1`, `4xx` or 250, or a text or pattern that its words hold. Throws a
 * TypeError where the first is meant and not well-formed.
 */
export function toHaveReplied(
  received: unknown,
  expected: string | number | RegExp,
  { to }: ReplyOptions = {},
): MatcherOutcome {
  const fits = fitting(expected);
  const words = `have got ${expected instanceof RegExp ? quoted(expected) : `${expected}`}${to === undefined ? '' : ` to ${to}`}`;
  return judge(received, words, (dialogue) => {
    const asked = repliesIn(dialogue).filter((given) => to === undefined || answers(given, to));
    const found = asked.map(({ reply }) => replyCodes(reply)).join(', ');
    return {
      pass: asked.some(({ reply }) => fits(reply)),
      found: `got ${found || 'no reply'}${to === undefined ? '' : ` to ${to}`}`,
    };
  });
}

function fitting(expected: string | number | RegExp): (reply: Reply) => boolean {
  const pattern = expected instanceof RegExp ? undefined : readReplyPattern(expected);
  if (pattern) return (reply) => fitsPattern(pattern, reply);
  if (typeof expected === 'number' || expected === '' || /^\d/.test(`${expected}`))
    throw new TypeError(`${expected || '""'} is not a reply such as 250, 4xx or "550 5.1.1"`);
  return (reply) => holds(reply.raw.join('\n'), expected) || holds(replyText(reply), expected);
}

function answers({ stage, verb }: Given, to: string): boolean {
  return stage === to.toLowerCase() || verb === to.toUpperCase();
}

function repliesIn({ events }: AnyDialogue): Given[] {
  const tracker = new StageTracker();
  let verb = '';
  return events.flatMap((event): Given[] => {
    if (event.kind === 'sent') {
      tracker.sent(event.lines, event.bytes);
      verb = event.lines[0]?.split(' ')[0]?.toUpperCase() ?? '';
    }
    if (event.kind !== 'received') return [];
    return groupReplies(event.lines).flatMap((heard): Given[] => {
      if (heard.kind === 'scraps') return [];
      const stage = event.unsolicited ? 'command' : tracker.replied(heard.reply.code);
      return [{ reply: heard.reply, stage, verb: stage === 'message' ? '' : verb }];
    });
  });
}
