import type { Behaviour, BehaviourKind } from '../behaviour.ts';
import { acceptAll } from './accept-all.ts';
import { accounts } from './accounts.ts';
import { addressPolicy } from './address-policy.ts';
import { bareLineFeed } from './bare-line-feed.ts';
import { blockList } from './block-list.ts';
import { cannedReply } from './canned-reply.ts';
import { commandLimit } from './command-limit.ts';
import { connectionCap } from './connection-cap.ts';
import { disconnect } from './disconnect.ts';
import { earlyTalker } from './early-talker.ts';
import { errorLimit } from './error-limit.ts';
import { faultLimit } from './fault-limit.ts';
import { faultReply } from './fault-reply.ts';
import { greylisting } from './greylisting.ts';
import { headerFields } from './header-fields.ts';
import { heloPolicy } from './helo-policy.ts';
import { hopLimit } from './hop-limit.ts';
import { knownMailboxes } from './known-mailboxes.ts';
import { lateRejection } from './late-rejection.ts';
import { lineEndPolicy } from './line-end-policy.ts';
import { lineLength } from './line-length.ts';
import { messageLimit } from './message-limit.ts';
import { messageSize } from './message-size.ts';
import { pipeliningPolicy } from './pipelining-policy.ts';
import { rateLimit } from './rate-limit.ts';
import { recipientBudget } from './recipient-budget.ts';
import { requireTls } from './require-tls.ts';
import { senderLogin } from './sender-login.ts';
import { servedDomains } from './served-domains.ts';
import { sessionLimits } from './session-limits.ts';
import { tarpit } from './tarpit.ts';
import { tlsFault } from './tls-fault.ts';
import { verifyCommand } from './verify-command.ts';
import { wireFault } from './wire-fault.ts';

/** The only list: every behaviour that a profile or a scenario can name. */
export const catalogue = [
  acceptAll,
  accounts,
  addressPolicy,
  bareLineFeed,
  blockList,
  cannedReply,
  commandLimit,
  connectionCap,
  disconnect,
  earlyTalker,
  errorLimit,
  faultLimit,
  faultReply,
  greylisting,
  headerFields,
  heloPolicy,
  hopLimit,
  knownMailboxes,
  lateRejection,
  lineEndPolicy,
  lineLength,
  messageLimit,
  messageSize,
  pipeliningPolicy,
  rateLimit,
  recipientBudget,
  requireTls,
  senderLogin,
  servedDomains,
  sessionLimits,
  tarpit,
  tlsFault,
  verifyCommand,
  wireFault,
] as const;

/** Makes the behaviour of one entry of a profile, such as `{ tarpit: { delay: 5000 } }` after validation. */
export function createBehaviour(entry: Readonly<Record<string, unknown>>): Behaviour {
  const [name, options] = Object.entries(entry).find(([, value]) => value !== undefined) ?? [];
  const kind: BehaviourKind | undefined = catalogue.find((candidate) => candidate.name === name);
  if (!kind) throw new TypeError(`no behaviour is called ${name}`);
  return kind.create(options);
}
