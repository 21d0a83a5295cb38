import type { Reply } from '../smtp/reply.ts';
import type { Explanation } from './explanation.ts';
import type { Context } from './judge.ts';

type Explain = (reply: Reply, context?: Context) => Explanation;

/** Explanations that are remembered, and the longest reply, in characters, of which one is. */
const most = 1_000;
const longest = 1_000;

/** Hosts say the same thing over and over: what has been explained lately is not worked out again. */
export function remembering(explain: Explain): Explain {
  const known = new Map<string, Explanation>();
  return (reply, context = {}) => {
    const words = [...reply.raw, ...reply.lines].join('\n');
    if (words.length > longest) return explain(reply, context);
    const { code, enhanced = '' } = reply;
    const { stage = '', provider = '' } = context;
    const key = [code, enhanced, stage, provider, words].join('\n');
    const before = known.get(key);
    if (before) return before;
    const explanation = explain(reply, context);
    if (known.size >= most) known.clear();
    known.set(key, explanation);
    return explanation;
  };
}
