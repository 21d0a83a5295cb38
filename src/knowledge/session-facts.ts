import { isPositive, type Reply } from '../smtp/reply.ts';
import { formatDuration, minutes, seconds } from '../time/duration.ts';
import type { Ending } from '../transcript/ending.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { type History, historyOf } from './session-history.ts';
import { type Tally, tallyOf } from './session-tally.ts';

/** What can be seen in a session that speaks for one cause of its end or another. */
export const factNames = [
  'after-421',
  'after-refusal',
  'calls-in-a-row',
  'clear-answer',
  'ended-so-before',
  'guessed-before',
  'idle',
  'implicit-tls-port',
  'impatient',
  'in-clear',
  'ipv6',
  'large-message',
  'late',
  'login-failed',
  'many-open',
  'many-recipients',
  'masked',
  'message-accepted',
  'messages-sent',
  'name-is-local',
  'old-session',
  'others-ended-so',
  'others-went-further',
  'over-size',
  'pipelined',
  'port-25',
  'recipients-refused',
  'refused-before',
  'reset',
  'same-size-before',
  'spoke-after-starttls',
  'spoke-early',
  'stale-421',
  'starttls-not-used',
  'starttls-port',
  'unusual-port',
  'went-further-before',
] as const;

type Fact = (typeof factNames)[number];

/** Numbers and names to put into a sentence. Some are what a client said: `helo`, `name`, `sender`, `recipient`. */
export interface SessionFacts {
  readonly holds: ReadonlySet<Fact>;
  readonly values: Readonly<Record<string, string>>;
}

/** Looks at the ending, at its session, and at `earlier` sessions, oldest first. */
export function factsOf(
  ending: Ending,
  transcript: Transcript = { host: '', events: [] },
  earlier: readonly Transcript[] = [],
): SessionFacts {
  const tally = tallyOf(ending, transcript.events);
  const history = historyOf(ending, transcript, earlier);
  const size = announcedSize(tally.replies);
  const offersTls = tally.replies.some((reply) => reply.raw.some((line) => /^250[ -]STARTTLS\b/i.test(line)));
  const last = tally.replies.at(-1);
  const tests: Readonly<Record<Fact, boolean>> = {
    ...pastTests(history),
    'after-421': tally.replies.some(({ code }) => code === 421),
    'after-refusal': last !== undefined && !isPositive(last),
    'clear-answer': /^220[ -]/.test(ending.lastReceived),
    idle: tally.pause >= minutes(1),
    'implicit-tls-port': tally.port === 465 && !ending.tls,
    impatient: ending.kind === 'timed-out' && ending.after < minutes(2),
    'in-clear': !ending.tls,
    ipv6: tally.address.includes(':'),
    'large-message': tally.bytes >= 16_384,
    late: ending.kind === 'disconnected' && ending.elapsed >= seconds(5),
    'login-failed': tally.replies.some(({ code }) => code === 535),
    'many-recipients': tally.recipients >= 10,
    masked: tally.replies.some((reply) => reply.raw.some((line) => /\*{6}|\bX{4,}[A-Z]?\b/.test(line))),
    'message-accepted': tally.messages > 0,
    'messages-sent': tally.messages >= 5,
    'name-is-local': tally.helo !== undefined && isLocalName(tally.helo),
    'old-session': tally.age >= minutes(10),
    'over-size': size !== undefined && tally.bytes > size,
    pipelined: tally.pipelined,
    'port-25': tally.port === 25,
    'recipients-refused': tally.refused >= 3,
    reset: ending.kind === 'disconnected' && ending.how === 'reset',
    'spoke-after-starttls': tally.spokeAfterStarttls,
    'spoke-early': tally.spokeEarly,
    'stale-421': tally.stale421,
    'starttls-not-used': offersTls && !ending.tls,
    'starttls-port': tally.port === 25 || tally.port === 587,
    'unusual-port': tally.port !== undefined && ![25, 465, 587, 2525].includes(tally.port),
  };
  const holds = new Set(factNames.filter((fact) => tests[fact]));
  return { holds, values: { ...valuesOf(ending, tally, size, last), ...pastValues(history) } };
}

type PastFact =
  | 'calls-in-a-row'
  | 'ended-so-before'
  | 'guessed-before'
  | 'many-open'
  | 'others-ended-so'
  | 'others-went-further'
  | 'refused-before'
  | 'same-size-before'
  | 'went-further-before';

function pastTests(history: History): Record<PastFact, boolean> {
  return {
    'calls-in-a-row': history.calls >= 10,
    'ended-so-before': history.endedSo > 0,
    'guessed-before': history.guessed >= 3,
    'many-open': history.open >= 2,
    'others-ended-so': history.othersEndedSo > 0,
    'others-went-further': history.othersWentFurther > 0,
    'refused-before': history.refusal !== undefined,
    'same-size-before': history.sameSize,
    'went-further-before': history.wentFurther > 0,
  };
}

function pastValues(history: History): Record<string, string> {
  return {
    calls: `${history.calls}`,
    'ended-so': `${history.endedSo} of ${history.sessions}`,
    guessed: `${history.guessed}`,
    open: `${history.open}`,
    others: `${history.othersEndedSo}`,
    'refusal-before': `${history.refusal?.code ?? ''}`,
  };
}

function valuesOf(
  ending: Ending,
  tally: Tally,
  size: number | undefined,
  last: Reply | undefined,
): Record<string, string> {
  const waited = ending.kind === 'timed-out' ? ending.after : ending.elapsed;
  return {
    age: formatDuration(tally.age),
    bytes: `${tally.bytes}`,
    elapsed: formatDuration(waited),
    helo: tally.helo ?? '',
    idle: tally.pause > 0 ? `${Math.ceil(tally.pause / 1_000)}s` : '',
    'last-code': `${last?.code ?? ''}`,
    messages: `${tally.messages}`,
    pause: formatDuration(tally.pause),
    name: tally.helo === undefined || isLocalName(tally.helo) ? '' : tally.helo,
    port: `${tally.port ?? ''}`,
    recipient: tally.recipient ?? '',
    recipients: `${tally.recipients}`,
    refused: `${tally.refused}`,
    sender: tally.sender ?? '',
    size: `${size ?? ''}`,
  };
}

/** Names that no mail server on the Internet has. RFC 5321 2.3.5, 4.1.1.1 */
function isLocalName(name: string): boolean {
  if (/^\[(?:127\.|10\.|192\.168\.|IPv6:(?:::1|fe80))/i.test(name)) return true;
  if (name.startsWith('[')) return false;
  return (
    !name.includes('.') ||
    /^\d{1,3}(?:\.\d{1,3}){3}$|(?:^|\.)(?:localhost|localdomain|local|lan|internal|home)$/i.test(name)
  );
}

function announcedSize(replies: readonly Reply[]): number | undefined {
  for (const reply of replies) {
    for (const line of reply.raw) {
      const size = /^250[ -]SIZE (\d{1,12})/i.exec(line)?.[1];
      if (size !== undefined && Number(size) > 0) return Number(size);
    }
  }
  return undefined;
}
