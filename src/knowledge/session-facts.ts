import { isPositive, type Reply } from '../smtp/reply.ts';
import { formatDuration, minutes, seconds } from '../time/duration.ts';
import type { Ending } from '../transcript/ending.ts';
import { groupReplies } from '../transcript/replies.ts';
import type { Transcript, TranscriptEvent } from '../transcript/transcript.ts';

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

export type Fact = (typeof factNames)[number];

/** Numbers and names to put into a sentence. Only `helo` is not ours: it is what we said at EHLO. */
export interface SessionFacts {
  readonly holds: ReadonlySet<Fact>;
  readonly values: Readonly<Record<string, string>>;
}

/** The counts behind the facts. */
interface Tally {
  readonly port: number | undefined;
  readonly address: string;
  readonly helo: string | undefined;
  readonly commands: readonly string[];
  readonly replies: readonly Reply[];
  readonly recipients: number;
  readonly refused: number;
  readonly messages: number;
  readonly bytes: number;
  readonly age: number;
  /** ms without a word before the last thing that we sent. */
  readonly pause: number;
  readonly spokeEarly: boolean;
  readonly pipelined: boolean;
}

export function factsOf(ending: Ending, transcript?: Transcript): SessionFacts {
  const tally = count(ending, transcript?.events ?? []);
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
    'spoke-after-starttls': spokeAfterStarttls(transcript?.events ?? []),
    'spoke-early': tally.spokeEarly,
    'starttls-not-used': offersTls && !ending.tls,
    'starttls-port': tally.port === 25 || tally.port === 587,
    'unusual-port': tally.port !== undefined && ![25, 465, 587, 2525].includes(tally.port),
  };
  const holds = new Set(factNames.filter((fact) => tests[fact]));
  return { holds, values: valuesOf(ending, tally, size, last) };
}

function valuesOf(ending: Ending, tally: Tally, size: number | undefined, last: Reply | undefined): Record<string, string> {
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

function count(ending: Ending, events: readonly TranscriptEvent[]): Tally {
  const connected = events.find((event) => event.kind === 'connected');
  const sent = events.filter((event) => event.kind === 'sent');
  const commands = sent.length > 0 ? sent.flatMap(({ lines }) => lines) : ending.command === undefined ? [] : [ending.command];
  const heard = groupReplies(events.filter((event) => event.kind === 'received').flatMap(({ lines }) => lines));
  const replies = heard.filter((part) => part.kind === 'reply').map(({ reply }) => reply);
  const first = events[0];
  const end = events.at(-1);
  return {
    port: connected?.port,
    address: connected?.address ?? '',
    helo: commands.findLast((line) => /^(?:EHLO|HELO) /i.test(line))?.slice(5).trim(),
    commands,
    replies,
    ...recipientsOf(events),
    bytes: sent.at(-1)?.bytes ?? 0,
    age: first === undefined || end === undefined ? 0 : end.at - first.at,
    pause: pauseBeforeLast(events),
    spokeEarly: spokeFirst(events),
    pipelined: (sent.at(-1)?.lines.length ?? 0) > 1,
  };
}

/** Replies come in the order of the commands, so the two lists can be read side by side. RFC 2920 3.1 */
function recipientsOf(events: readonly TranscriptEvent[]): Pick<Tally, 'recipients' | 'refused' | 'messages'> {
  const due: string[] = ['greeting'];
  const tally = { recipients: 0, refused: 0, messages: 0 };
  let open: string[] = [];
  for (const event of events) {
    if (event.kind === 'sent') due.push(...(due.at(-1) === 'content' ? [] : event.lines.map(verbOf)));
    if (event.kind !== 'received') continue;
    for (const line of event.lines) {
      open.push(line);
      if (!/^\d{3}(?: |$)/.test(line)) continue;
      const code = Number(line.slice(0, 3));
      open = [];
      const verb = due.shift();
      if (verb === 'DATA' && code === 354) due.unshift('content');
      else if (verb === 'content' && code < 300) tally.messages++;
      if (verb === 'RCPT') {
        tally.recipients++;
        if (code >= 500) tally.refused++;
      }
    }
  }
  tally.recipients += due.filter((verb) => verb === 'RCPT').length;
  return tally;
}

function verbOf(line: string): string {
  return line.slice(0, 4).toUpperCase();
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

/** Names that no mail server on the Internet has. RFC 5321 2.3.5, 4.1.1.1 */
function isLocalName(name: string): boolean {
  if (/^\[(?:127\.|10\.|192\.168\.|IPv6:(?:::1|fe80))/i.test(name)) return true;
  if (name.startsWith('[')) return false;
  return !name.includes('.') || /^\d{1,3}(?:\.\d{1,3}){3}$|(?:^|\.)(?:localhost|localdomain|local|lan|internal|home)$/i.test(name);
}

function pauseBeforeLast(events: readonly TranscriptEvent[]): number {
  const at = events.findLastIndex((event) => event.kind === 'sent');
  const sent = events[at];
  const before = events.slice(0, Math.max(0, at)).findLast((event) => event.kind === 'received' || event.kind === 'sent');
  return sent === undefined || before === undefined ? 0 : sent.at - before.at;
}

/** RFC 5321 3.1, 4.3.1: the client waits for the greeting. */
function spokeFirst(events: readonly TranscriptEvent[]): boolean {
  const spoken = events.find((event) => event.kind === 'sent' || event.kind === 'received' || event.kind === 'secured');
  return spoken?.kind === 'sent';
}

/** RFC 3207 4.2: nothing may follow STARTTLS in clear. */
function spokeAfterStarttls(events: readonly TranscriptEvent[]): boolean {
  return events.some(
    (event) => event.kind === 'sent' && event.lines.some((line, n) => /^STARTTLS$/i.test(line) && n < event.lines.length - 1),
  );
}

