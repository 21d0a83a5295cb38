import { holds, judge, type MatcherOutcome, quoted } from './outcome.ts';

/** The client said a line that holds this text or fits this pattern. */
export function toHaveSaid(received: unknown, wanted: string | RegExp): MatcherOutcome {
  return judge(received, `have a client that said ${quoted(wanted)}`, ({ events }) => {
    const lines = events.flatMap((event) => (event.kind === 'sent' ? event.lines : []));
    return {
      pass: lines.some((line) => holds(line, wanted)),
      found: `has a client that said ${lines.length === 0 ? 'nothing' : `${lines.length} lines`}`,
    };
  });
}
