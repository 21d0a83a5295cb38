import { isPositive, type Reply } from '../smtp/reply.ts';
import type { Stage } from '../smtp/stage.ts';
import type { Ending } from '../transcript/ending.ts';
import { groupReplies } from '../transcript/replies.ts';
import { StageTracker } from '../transcript/stage-tracker.ts';
import type { TranscriptEvent } from '../transcript/transcript.ts';

/** What was said and counted in one session. Sizes in bytes, times in ms. */
export interface Tally {
  readonly port: number | undefined;
  readonly address: string;
  readonly helo: string | undefined;
  readonly replies: readonly Reply[];
  /** Named so far, the one in flight included. */
  readonly recipients: number;
  readonly refused: number;
  readonly messages: number;
  readonly bytes: number;
  readonly age: number;
  /** ms without a word before the last thing that we sent. */
  readonly pause: number;
  readonly spokeEarly: boolean;
  readonly spokeAfterStarttls: boolean;
  readonly pipelined: boolean;
  /** A 421 had come unasked before the last thing that we sent. RFC 5321 3.8 */
  readonly stale421: boolean;
  /** As said in MAIL and RCPT, without angle brackets. */
  readonly sender: string | undefined;
  readonly recipient: string | undefined;
}

export function tallyOf(ending: Ending, events: readonly TranscriptEvent[]): Tally {
  const connected = events.find((event) => event.kind === 'connected');
  const sent = events.filter((event) => event.kind === 'sent');
  const commands =
    sent.length > 0
      ? sent.flatMap(({ lines }) => lines)
      : ending.command === undefined
        ? []
        : [ending.command];
  const answers = answersOf(events);
  const recipients = answers.filter(({ stage }) => stage === 'rcpt');
  const first = events[0];
  const end = events.at(-1);
  return {
    port: connected?.port,
    address: connected?.address ?? '',
    helo: commands
      .findLast((line) => /^(?:EHLO|HELO) /i.test(line))
      ?.slice(5)
      .trim(),
    replies: answers.map(({ reply }) => reply),
    recipients: recipients.length + (ending.stage === 'rcpt' ? 1 : 0),
    refused: recipients.filter(({ reply }) => reply.code >= 500).length,
    messages: answers.filter(({ stage, reply }) => stage === 'message' && isPositive(reply)).length,
    bytes: sent.at(-1)?.bytes ?? 0,
    age: first === undefined || end === undefined ? 0 : end.at - first.at,
    pause: pauseBeforeLast(events),
    spokeEarly: spokeFirst(events),
    spokeAfterStarttls: spokeAfterStarttls(events),
    pipelined: (sent.at(-1)?.lines.length ?? 0) > 1,
    stale421: stale421(events),
    sender: pathIn(commands, /^MAIL FROM:\s{0,3}<([^<>]{1,256})>/i),
    recipient: pathIn(commands, /^RCPT TO:\s{0,3}<([^<>]{1,256})>/i),
  };
}

/** A reply and what it answered. */
export interface Answered {
  readonly stage: Stage;
  readonly reply: Reply;
}

export function answersOf(events: readonly TranscriptEvent[]): Answered[] {
  const tracker = new StageTracker();
  const answers: Answered[] = [];
  for (const event of events) {
    if (event.kind === 'connected') tracker.connected();
    else if (event.kind === 'sent') tracker.sent(event.lines, event.bytes);
    else if (event.kind === 'received') {
      for (const part of groupReplies(event.lines)) {
        if (part.kind === 'reply')
          answers.push({ stage: tracker.replied(part.reply.code), reply: part.reply });
      }
    }
  }
  return answers;
}

function pauseBeforeLast(events: readonly TranscriptEvent[]): number {
  const at = events.findLastIndex((event) => event.kind === 'sent');
  const sent = events[at];
  const before = events
    .slice(0, Math.max(0, at))
    .findLast((event) => event.kind === 'received' || event.kind === 'sent');
  return sent === undefined || before === undefined ? 0 : sent.at - before.at;
}

function pathIn(commands: readonly string[], shape: RegExp): string | undefined {
  return shape.exec(commands.findLast((line) => shape.test(line)) ?? '')?.[1];
}

function stale421(events: readonly TranscriptEvent[]): boolean {
  return events.some(
    (event) =>
      event.kind === 'received' && event.unsolicited === true && /^421[ -]/.test(event.lines[0] ?? ''),
  );
}

/** RFC 5321 3.1, 4.3.1: the client waits for the greeting. */
function spokeFirst(events: readonly TranscriptEvent[]): boolean {
  const spoken = events.find(
    (event) => event.kind === 'sent' || event.kind === 'received' || event.kind === 'secured',
  );
  return spoken?.kind === 'sent';
}

/** RFC 3207 4.2: nothing may follow STARTTLS in clear. */
function spokeAfterStarttls(events: readonly TranscriptEvent[]): boolean {
  return events.some(
    (event) =>
      event.kind === 'sent' &&
      event.lines.some((line, n) => /^STARTTLS$/i.test(line) && n < event.lines.length - 1),
  );
}
