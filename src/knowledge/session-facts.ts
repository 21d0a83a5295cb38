import { isPositive, type Reply } from '../smtp/reply.ts';
import { formatDuration, minutes } from '../time/duration.ts';
import type { Ending } from '../transcript/ending.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { type Tally, tallyOf } from './session-tally.ts';

/** What can be seen in a session that speaks for one cause of its end or another. */
export const factNames = [
  'after-421',
  'after-refusal',
  'clear-answer',
  'idle',
  'implicit-tls-port',
  'impatient',
  'in-clear',
  'ipv6',
  'large-message',
  'many-recipients',
  'masked',
  'message-accepted',
  'messages-sent',
  'name-is-local',
  'old-session',
  'over-size',
  'pipelined',
  'port-25',
  'recipients-refused',
  'spoke-after-starttls',
  'spoke-early',
  'starttls-not-used',
  'starttls-port',
  'unusual-port',
] as const;

type Fact = (typeof factNames)[number];

/** Numbers and names to put into a sentence. Only `helo` is not ours: it is what we said at EHLO. */
export interface SessionFacts {
  readonly holds: ReadonlySet<Fact>;
  readonly values: Readonly<Record<string, string>>;
}

export function factsOf(ending: Ending, transcript?: Transcript): SessionFacts {
  const tally = tallyOf(ending, transcript?.events ?? []);
  const size = announcedSize(tally.replies);
  const offersTls = tally.replies.some((reply) => reply.raw.some((line) => /^250[ -]STARTTLS\b/i.test(line)));
  const last = tally.replies.at(-1);
  const tests: Readonly<Record<Fact, boolean>> = {
    'after-421': tally.replies.some(({ code }) => code === 421),
    'after-refusal': last !== undefined && !isPositive(last),
    'clear-answer': /^220[ -]/.test(ending.lastReceived),
    idle: tally.pause >= minutes(1),
    'implicit-tls-port': tally.port === 465 && !ending.tls,
    impatient: ending.kind === 'timed-out' && ending.after < minutes(2),
    'in-clear': !ending.tls,
    ipv6: tally.address.includes(':'),
    'large-message': tally.bytes >= 16_384,
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
    'spoke-after-starttls': tally.spokeAfterStarttls,
    'spoke-early': tally.spokeEarly,
    'starttls-not-used': offersTls && !ending.tls,
    'starttls-port': tally.port === 25 || tally.port === 587,
    'unusual-port': tally.port !== undefined && ![25, 465, 587, 2525].includes(tally.port),
  };
  const holds = new Set(factNames.filter((fact) => tests[fact]));
  return { holds, values: valuesOf(ending, tally, size, last) };
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
    'last-code': `${last?.code ?? ''}`,
    messages: `${tally.messages}`,
    pause: formatDuration(tally.pause),
    port: `${tally.port ?? ''}`,
    recipients: `${tally.recipients}`,
    refused: `${tally.refused}`,
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
