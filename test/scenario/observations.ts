import { judge, type Observed } from '../../src/scenario/check.ts';
import { expectationSchema } from '../../src/scenario/expectation.ts';
import { replyFromLines } from '../../src/smtp/reply.ts';
import type { Answer, Ending } from '../../src/transcript/ending.ts';

/** A reply to RCPT, as its lines stood on the wire. */
export function reply(...lines: string[]): Answer & { kind: 'reply' } {
  return { kind: 'reply', stage: 'rcpt', reply: replyFromLines(lines), elapsed: 0 };
}

type WithoutCircumstances<T> = T extends unknown
  ? Omit<T, 'stage' | 'lastSent' | 'lastReceived' | 'elapsed' | 'tls'>
  : never;

/** A way for the connection to end at RCPT. */
export function ending(how: WithoutCircumstances<Ending>): Ending {
  return { stage: 'rcpt', lastSent: '', lastReceived: '', elapsed: 0, tls: false, ...how } as Ending;
}

export function observed(result: Observed['result'], elapsed = 0): Observed {
  return { result, elapsed };
}

/** What fails when a file expects this and that is seen. */
export function check(expect: unknown, seen: Observed): { key: string; expected: string; found: string }[] {
  const expectation = expect === undefined ? undefined : expectationSchema.parse(expect);
  return judge(expectation, seen)
    .filter(({ passed }) => !passed)
    .map(({ path, expected, found }) => ({ key: path.join('.'), expected, found }));
}
