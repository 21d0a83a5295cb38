import type { DialogueEnd } from '../sim/host-dialogue.ts';
import { type Stage, stageFacts } from '../smtp/stage.ts';
import { judge, type MatcherOutcome } from './outcome.ts';

/** What may be asked of the end of a dialogue besides how it came. */
export interface EndOptions {
  /** The stage of the last command, or `message` while one was being sent. */
  readonly at?: Stage;
  /** Who hung up. */
  readonly by?: 'host' | 'client';
  /** A reply was due and was not given, or not waited for. */
  readonly unanswered?: boolean;
}

/** It has ended: with FIN (`closed`), with RST (`reset`), or however when nothing is said. */
export function toHaveEnded(
  received: unknown,
  how?: 'closed' | 'reset',
  options: EndOptions = {},
): MatcherOutcome {
  const { at, by, unanswered } = options;
  const wanted = [
    how === undefined ? 'have ended' : `have been ${how}`,
    ...(by === undefined ? [] : [`by the ${by}`]),
    ...(at === undefined ? [] : [`at ${stageFacts[at].said}`]),
    ...(unanswered === undefined ? [] : [unanswered ? 'with a reply due' : 'with no reply due']),
  ].join(' ');
  return judge(received, wanted, ({ end }) => ({
    pass:
      end !== undefined &&
      (how ?? end.how) === end.how &&
      (at ?? end.at) === end.at &&
      (by ?? end.by) === end.by &&
      (unanswered ?? end.unanswered) === end.unanswered,
    found: end === undefined ? 'still lasts' : describe(end),
  }));
}

function describe({ how, at, by, unanswered }: DialogueEnd): string {
  return `was ${how} by the ${by} at ${stageFacts[at].said}${unanswered ? ', with a reply due' : ''}`;
}
