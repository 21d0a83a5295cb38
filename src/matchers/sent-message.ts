import type { ReceivedMessage } from '../sim/host-dialogue.ts';
import { type AnyDialogue, holds, judge, type MatcherOutcome, quoted } from './outcome.ts';

/** What may be asked of a message; what is left out does not matter. A text has to be in it, a pattern has to fit. */
export interface WantedMessage {
  /** The sender in the envelope. */
  readonly from?: string | RegExp;
  /** A recipient in the envelope, or several that must all be there. */
  readonly to?: string | RegExp | readonly (string | RegExp)[];
  /** The Subject field as it stands, unfolded. */
  readonly subject?: string | RegExp;
  /** Anywhere in header or body. */
  readonly content?: string | RegExp;
  /** Whether the host took it. */
  readonly accepted?: boolean;
}

/** The client sent such a message to its end, whether the host took it or not. */
export function toHaveSentMessage(received: unknown, wanted: WantedMessage = {}): MatcherOutcome {
  return judge(received, `have sent a message${describeWanted(wanted)}`, ({ messages = [] }) => ({
    pass: messages.some((message) => fits(message, wanted)),
    found: messages.length === 0 ? 'sent none' : `sent ${messages.map(describe).join(' and ')}`,
  }));
}

type Message = NonNullable<AnyDialogue['messages']>[number];

function fits(message: Message, { from, to, subject, content, accepted }: WantedMessage): boolean {
  const text = textOf(message);
  const recipients = to === undefined ? [] : [to].flat();
  return (
    (from === undefined || names(message.sender, from)) &&
    recipients.every((wanted) => message.recipients.some((recipient) => names(recipient, wanted))) &&
    (subject === undefined || holds(subjectOf(text), subject)) &&
    (content === undefined || holds(text, content)) &&
    (accepted ?? message.accepted) === message.accepted
  );
}

/** An address is meant as a whole. */
function names(address: string, wanted: string | RegExp): boolean {
  return typeof wanted === 'string' ? address.toLowerCase() === wanted.toLowerCase() : holds(address, wanted);
}

/** Of a message that has come as JSON the content is a text already. */
function textOf({ content }: ReceivedMessage): string {
  return typeof content === 'string' ? content : content.toString('utf8');
}

/** RFC 5322 2.2.3 */
function subjectOf(text: string): string {
  const [header = ''] = text.split(/\r?\n\r?\n/, 1);
  return /^subject:[ \t]*(.*)$/im.exec(header.replace(/\r?\n(?=[ \t])/g, ''))?.[1] ?? '';
}

function describe(message: Message): string {
  const { sender, recipients, accepted } = message;
  const subject = subjectOf(textOf(message));
  return `one from <${sender}> to ${recipients.map((recipient) => `<${recipient}>`).join(', ')}${subject === '' ? '' : `, "${subject}"`}, which was ${accepted ? 'taken' : 'refused'}`;
}

function describeWanted({ from, to, subject, content, accepted }: WantedMessage): string {
  const parts = [
    ...(from === undefined ? [] : [` from ${quoted(from)}`]),
    ...(to === undefined ? [] : [` to ${[to].flat().map(quoted).join(' and ')}`]),
    ...(subject === undefined ? [] : [` with the subject ${quoted(subject)}`]),
    ...(content === undefined ? [] : [` with ${quoted(content)} in it`]),
    ...(accepted === undefined ? [] : [accepted ? ' that was taken' : ' that was refused']),
  ];
  return parts.join('');
}
