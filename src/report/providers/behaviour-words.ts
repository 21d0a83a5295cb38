import type { z } from 'zod';
import type { BehaviourKind, CertificateFault } from '../../sim/behaviour.ts';
import { acceptAll } from '../../sim/behaviours/accept-all.ts';
import { accounts } from '../../sim/behaviours/accounts.ts';
import { addressPolicy } from '../../sim/behaviours/address-policy.ts';
import { bareLineFeed } from '../../sim/behaviours/bare-line-feed.ts';
import { blockList } from '../../sim/behaviours/block-list.ts';
import { cannedReply } from '../../sim/behaviours/canned-reply.ts';
import { commandLimit } from '../../sim/behaviours/command-limit.ts';
import { connectionCap } from '../../sim/behaviours/connection-cap.ts';
import { disconnect } from '../../sim/behaviours/disconnect.ts';
import { earlyTalker } from '../../sim/behaviours/early-talker.ts';
import { errorLimit } from '../../sim/behaviours/error-limit.ts';
import { faultLimit } from '../../sim/behaviours/fault-limit.ts';
import { faultReply } from '../../sim/behaviours/fault-reply.ts';
import { greylisting } from '../../sim/behaviours/greylisting.ts';
import { headerFields } from '../../sim/behaviours/header-fields.ts';
import { heloPolicy } from '../../sim/behaviours/helo-policy.ts';
import { hopLimit } from '../../sim/behaviours/hop-limit.ts';
import { knownMailboxes } from '../../sim/behaviours/known-mailboxes.ts';
import { lateRejection } from '../../sim/behaviours/late-rejection.ts';
import { messageLimit } from '../../sim/behaviours/message-limit.ts';
import { messageSize } from '../../sim/behaviours/message-size.ts';
import { pipeliningPolicy } from '../../sim/behaviours/pipelining-policy.ts';
import { rateLimit } from '../../sim/behaviours/rate-limit.ts';
import { recipientBudget } from '../../sim/behaviours/recipient-budget.ts';
import { requireTls } from '../../sim/behaviours/require-tls.ts';
import { senderLogin } from '../../sim/behaviours/sender-login.ts';
import { servedDomains } from '../../sim/behaviours/served-domains.ts';
import { sessionLimits } from '../../sim/behaviours/session-limits.ts';
import { tarpit } from '../../sim/behaviours/tarpit.ts';
import { tlsFault } from '../../sim/behaviours/tls-fault.ts';
import { verifyCommand } from '../../sim/behaviours/verify-command.ts';
import { wireFault } from '../../sim/behaviours/wire-fault.ts';
import type { HostStage } from '../../sim/exchange.ts';
import { formatDuration } from '../../time/duration.ts';
import { wireFaultWords } from './wire-fault-words.ts';

const places: Readonly<Record<HostStage, string>> = {
  greeting: 'instead of the greeting',
  ehlo: 'at EHLO',
  starttls: 'at STARTTLS',
  auth: 'at AUTH',
  mail: 'at MAIL FROM',
  rcpt: 'at RCPT TO',
  data: 'at DATA',
  message: 'after the message',
  command: 'at other commands',
  quit: 'at QUIT',
};

const at = (stages: HostStage | readonly HostStage[]): string =>
  [stages]
    .flat()
    .map((stage) => places[stage])
    .join(', ');
const spoiltReplies = (stages: readonly HostStage[]): string => {
  if (stages.length === Object.keys(places).length) return 'every reply';
  return stages
    .map((stage) => (stage === 'greeting' ? 'the greeting' : `its reply ${places[stage]}`))
    .join(', ');
};
const list = (items: readonly string[]): string => items.join(', ');
const plain = (name: string): string => name.replaceAll('-', ' ');
const many = (count: number, noun: string): string =>
  `${count.toLocaleString('en')} ${noun}${count === 1 ? '' : 's'}`;
const hangsUp = {
  close: 'closes the connection',
  reset: 'resets the connection',
  silence: 'falls silent',
} as const;

const certificates = {
  expired: 'that is out of date',
  'not-yet-valid': 'that is for later',
  'wrong-name': 'for another name',
  'self-signed': 'that nobody vouches for',
  'no-chain': 'without the one that signed it',
  'weak-key': 'with a weak key (RSA, 1024 bits)',
} as const satisfies Record<CertificateFault, string>;

/** The name of a behaviour, and what it does in words. */
type Worded = readonly [name: string, words: (options: unknown) => string];

function said<S extends z.ZodType>(kind: BehaviourKind<S>, words: (options: z.output<S>) => string): Worded {
  return [kind.name, words as Worded[1]];
}

const worded: ReadonlyMap<string, Worded[1]> = new Map([
  said(acceptAll, () => 'Takes every recipient without looking'),
  said(accounts, (o) =>
    o['required-reply'] ? 'Lets only users who have logged in send' : 'Has users who may log in',
  ),
  said(
    addressPolicy,
    (o) =>
      `Refuses ${o.whose} addresses by their form (${list(o.refuse.map(plain))}), ${at(o.at ?? (o.whose === 'sender' ? 'mail' : 'rcpt'))}`,
  ),
  said(bareLineFeed, (o) =>
    o.reply
      ? 'Refuses a message with a bare LF in it'
      : `A bare LF ends ${o.ends === 'message' ? 'a line as CRLF does, and so a message' : 'a line of a message'}`,
  ),
  said(blockList, (o) => {
    const whom =
      o.clients === 'all'
        ? 'every client'
        : o.clients.length > 0
          ? `clients from ${list(o.clients)}`
          : 'clients that it has listed';
    const grows = o.grows
      ? `; lists a client for ${formatDuration(o.grows.lasts)} after ${many(o.grows.after, plain(o.grows.on).replace(/s$/, ''))}`
      : '';
    return `Refuses ${whom}, ${at(o.at)}${grows}`;
  }),
  said(cannedReply, (o) => {
    const verb = o.verb === undefined ? '' : ` to ${o.verb}`;
    const whom = o.for ? ` for ${list(o.for)}` : '';
    const times = o['first-only'] === undefined ? '' : `, the first ${many(o['first-only'], 'time')}`;
    return `Always says the same${verb}${whom}, ${at(o.at)}${times}`;
  }),
  said(
    commandLimit,
    (o) =>
      `Ends a session after ${many(o.limit, `${o.counts === 'every' ? '' : `${plain(o.counts)} `}command`)}`,
  ),
  said(connectionCap, (o) => `Takes ${many(o.limit, 'connection')} of one client at a time`),
  said(disconnect, (o) => `${o.reply ? 'Says something and ' : ''}${hangsUp[o.how]}, ${at(o.at)}`),
  said(
    earlyTalker,
    (o) => `Waits ${formatDuration(o.wait)} before it greets, and refuses who speaks out of turn`,
  ),
  said(errorLimit, (o) => {
    const soft = o.soft
      ? `Answers ${formatDuration(o.soft.delay)} late after ${many(o.soft.limit, 'refusal')}, and h`
      : 'H';
    return `${soft}angs up after ${many(o.limit, 'refusal')}`;
  }),
  said(
    faultLimit,
    (o) => `Hangs up after ${many(o.limit, 'command')} that ${o.limit === 1 ? 'breaks' : 'break'} the rules`,
  ),
  said(faultReply, (o) => {
    const verbs = o.verbs ? ` in ${list(o.verbs.map((verb) => verb || 'an empty line'))}` : '';
    const parameter = o.parameter === undefined ? '' : ` ${o.parameter}`;
    const argument = { given: ' with an argument', missing: ' without an argument', any: '' }[
      o.argument ?? 'any'
    ];
    return `Has words of its own for ${list([o.on].flat().map(plain))}${parameter}${verbs}${argument}`;
  }),
  said(
    greylisting,
    (o) =>
      `Puts off senders it has not met for ${formatDuration(o.delay)}, ${at(o.at)}; known by ${list(o.key)}`,
  ),
  said(
    headerFields,
    (o) =>
      `Refuses a message for its header: ${list([...o.refuse.map(plain), ...(o['longer-than'] === undefined ? [] : [`more than ${many(o['longer-than'], 'byte')}`])])}`,
  ),
  said(heloPolicy, (o) => `Refuses HELO names by their form (${list(o.refuse.map(plain))}), ${at(o.at)}`),
  said(hopLimit, (o) => `Refuses a message that has passed through ${many(o.limit, 'host')}`),
  said(knownMailboxes, (o) => `Refuses recipients by the state of their mailbox, ${at(o.at)}`),
  said(
    lateRejection,
    (o) => `Takes the recipient and refuses the message${o.for ? ` for ${list(o.for)}` : ''}`,
  ),
  said(messageLimit, (o) => `Takes ${many(o.limit, 'message')} on one connection`),
  said(messageSize, (o) => `Refuses messages of more than ${many(o.limit, 'byte')}`),
  said(
    pipeliningPolicy,
    (o) =>
      `Refuses who talks on without waiting for the answer${o.at ? ` ${at(o.at)}` : ''}${o['says-at'] ? `; says so ${at(o['says-at'])}` : ''}`,
  ),
  said(
    rateLimit,
    (o) =>
      `Lets a client have ${many(o.limit, plain(o.counts).replace(/s$/, ''))} in ${formatDuration(o.window)}${o['cool-down'] === undefined ? '' : `, then refuses for ${formatDuration(o['cool-down'])}`}`,
  ),
  said(
    recipientBudget,
    (o) =>
      `Takes ${many(o.limit, o.counts === 'domains' ? 'recipient domain' : 'recipient')} in one ${o.per}`,
  ),
  said(requireTls, (o) => `Takes nothing without TLS${o.at ? `, ${at(o.at)}` : ''}`),
  said(senderLogin, () => 'Lets only the owner of an address send in its name'),
  said(servedDomains, (o) => `Takes mail for ${list(o.domains)} only`),
  said(
    sessionLimits,
    (o) =>
      `Ends sessions ${list([...(o.idle === undefined ? [] : [`idle for ${formatDuration(o.idle)}`]), ...(o.age === undefined ? [] : [`older than ${formatDuration(o.age)}`])])}`,
  ),
  said(
    tarpit,
    (o) =>
      `Answers ${o.on === 'refusals' ? 'refusals ' : ''}${formatDuration(o.delay)} late${o.at ? `, ${at(o.at)}` : ''}`,
  ),
  said(tlsFault, (o) =>
    o.refuse
      ? 'Refuses STARTTLS though it offers it'
      : o.handshake
        ? `Breaks the TLS handshake off${o['after-bytes'] === undefined ? '' : ` behind ${many(o['after-bytes'], 'byte')} of its own`}: ${o.handshake}`
        : o.version
          ? `Speaks TLS ${o.version} only`
          : `Shows a certificate ${certificates[o.certificate ?? 'self-signed']}`,
  ),
  said(verifyCommand, () => 'Answers VRFY by the state of the mailbox'),
  said(wireFault, (o) => `Sends ${spoiltReplies(o.at)} ${wireFaultWords(o.fault)}`),
]);

/** What a behaviour does, as a sentence without its full stop; one that has no words here is named. */
export function behaviourWords(name: string, options: unknown): string {
  const words = worded.get(name)?.(options) ?? `Behaves by ${plain(name)}`;
  return words.charAt(0).toUpperCase() + words.slice(1);
}
