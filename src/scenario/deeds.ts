import type { Command } from '../probe/command.ts';
import * as commands from '../probe/command.ts';
import * as envelope from '../probe/envelope.ts';
import type { CommandOptions, Session } from '../probe/session.ts';
import type { Got } from '../probe/withheld.ts';
import { rawBytes } from '../text/raw-bytes.ts';
import { sampleMessage } from './sample-message.ts';
import type { FlatStep, GroupStep } from './step.ts';

/** What a command step needs of the run around it. */
export interface DeedContext {
  readonly sender: string;
  readonly now: number;
  /** The host has said 354 to a DATA in a group: the message may follow at once. */
  readonly messageDue: boolean;
}

/** Steps that are one command, or a command and what belongs to it, in an open session. */
type CommandDeed = Exclude<
  FlatStep,
  | { connect: string }
  | { wait: number }
  | { attempt: unknown }
  | { verify: unknown }
  | { switch: string }
  | { include: string }
  | { pipeline: unknown }
>;

/** `<>` and nothing are the null reverse-path. */
export function addressOf(text: string): string {
  return text === '<>' ? '' : text;
}

/**
 * Carries out a command step. Resolves to all it got, the answer that counts last; none for a step that only hangs up.
 * Rejects with a TypeError where the step has a value that our client never sends (raw bytes are for that).
 */
export async function carryOut(
  step: CommandDeed,
  session: Session,
  context: DeedContext,
): Promise<readonly Got[]> {
  if ('disconnect' in step) {
    await session.disconnect(step.disconnect ?? 'close');
    return [];
  }
  const options = optionsOf(step);
  if ('ehlo' in step) return [await session.ehlo(step.ehlo, options)];
  if ('helo' in step) return [await session.helo(step.helo, options)];
  if ('starttls' in step) return [await session.starttls(options)];
  if ('auth' in step) return [await session.auth({ ...defined(step.auth), ...options })];
  if ('mail' in step) return [await session.mail(addressOf(step.mail), step.params, options)];
  if ('rcpt' in step) return [await session.rcpt(step.rcpt, step.params, options)];
  if ('data' in step) return sendMessage(step, session, context, options);
  if ('bdat' in step) return [await session.bdat(rawBytes(step.bdat), { last: step.last, ...options })];
  if ('rset' in step) return [await session.rset(options)];
  if ('noop' in step) return [await session.noop(step.noop ?? undefined, options)];
  if ('vrfy' in step) return [await session.vrfy(step.vrfy, options)];
  if ('expn' in step) return [await session.expn(step.expn, { ...options, force: true })];
  if ('help' in step) return [await session.help(step.help ?? undefined, options)];
  if ('quit' in step) return [await session.quit(options)];
  if ('send' in step) return session.send(rawBytes(step.send), { expectReplies: step.replies, ...options });
  return [await session.next({ patience: step.listen })];
}

async function sendMessage(
  step: Extract<FlatStep, { data: unknown }>,
  session: Session,
  { sender, now, messageDue }: DeedContext,
  options: CommandOptions,
): Promise<readonly Got[]> {
  const goAhead = messageDue ? undefined : await session.data(options);
  if (goAhead && (goAhead.kind !== 'reply' || goAhead.reply.code !== 354)) return [goAhead];
  const message = sampleMessage(step.data, { sender, recipient: 'recipient@example.net', now });
  const verdict = await session.message(message, options);
  return goAhead ? [goAhead, verdict] : [verdict];
}

/** The commands of a group, in order. */
export function groupOf(steps: readonly GroupStep[]): Command[] {
  return steps.map(commandOf);
}

function commandOf(step: GroupStep): Command {
  if ('mail' in step) return envelope.mail(addressOf(step.mail), step.params);
  if ('rcpt' in step) return envelope.rcpt(step.rcpt, step.params);
  if ('ehlo' in step) return commands.ehlo(step.ehlo);
  if ('helo' in step) return commands.helo(step.helo);
  if ('noop' in step) return commands.noop(step.noop ?? undefined);
  if ('help' in step) return commands.help(step.help ?? undefined);
  if ('vrfy' in step) return commands.vrfy(step.vrfy);
  if ('expn' in step) return commands.expn(step.expn);
  if ('rset' in step) return commands.rset;
  return 'data' in step ? commands.data : commands.quit;
}

function optionsOf(step: {
  readonly force?: true | undefined;
  readonly patience?: number | undefined;
}): CommandOptions {
  return {
    ...(step.force ? { force: true } : {}),
    ...(step.patience === undefined ? {} : { patience: step.patience }),
  };
}

/** The same without the keys whose value is undefined. */
function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
