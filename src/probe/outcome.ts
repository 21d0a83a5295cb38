import { classOf, type Reply } from '../smtp/reply.ts';
import type { Outcome } from '../transcript/ending.ts';
import type { Got, Withheld } from './withheld.ts';

/** A reply that came to a command, and was positive. The first digit decides (rule REP-04). */
export function isAccepted(got: Got): got is Got & { kind: 'reply'; reply: Reply } {
  return got.kind === 'reply' && !got.unsolicited && classOf(got.reply) === 2;
}

/** What one command comes to as the end of a dialogue. A 421 that came unasked speaks of no command (rule REP-08). */
export function outcomeOf(got: Got): Outcome | Withheld {
  if (got.kind !== 'reply') return got;
  if (got.unsolicited) return { kind: 'refused', stage: 'command', reply: got.reply };
  return { kind: isAccepted(got) ? 'completed' : 'refused', stage: got.stage, reply: got.reply };
}
