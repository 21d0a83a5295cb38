import type { Explanation } from '../knowledge/explanation.ts';
import type { Knowledge } from '../knowledge/knowledge.ts';
import type { AttemptOutcome } from '../probe/attempt.ts';
import { classOf, type Reply, replyText } from '../smtp/reply.ts';
import type { Stage } from '../smtp/stage.ts';
import type { Ending } from '../transcript/ending.ts';
import type { VerdictRule } from './rules.ts';
import type { ControlResult, PostmasterResult, VerifyEvent } from './vocabulary.ts';

/** What was seen of an address at one time: an event, or a reply with its meaning. */
export interface Seen {
  readonly event?: VerifyEvent;
  /** Of an event on a connection. */
  readonly ending?: Ending;
  readonly stage?: Stage;
  readonly reply?: Reply;
  readonly explanation?: Explanation;
}

/** What a verdict rests on. */
export interface Sight extends Seen {
  readonly control: ControlResult;
  readonly postmaster: PostmasterResult;
  /** Every host of the domain answered alike. */
  readonly everywhere: boolean;
  /** ms since the question was put for the first time. */
  readonly waited: number;
}

/** Reads an outcome; `host` is the name of the exchanger, by which its words are understood. */
export function see(outcome: AttemptOutcome, knowledge: Knowledge, host: string | undefined): Seen {
  switch (outcome.kind) {
    case 'completed':
    case 'refused': {
      const { stage, reply } = outcome;
      const context = { stage, ...(host === undefined ? {} : { provider: host }) };
      return { stage, reply, explanation: knowledge.explain(reply, context) };
    }
    case 'no-host':
      return { event: eventOfSearch(outcome.search) };
    case 'withheld':
      return {
        event: /SMTPUTF8/.test(outcome.why) ? 'smtputf8-unsupported' : 'withheld',
        stage: outcome.stage,
      };
    case 'unreachable':
      return {
        event: outcome.why === 'timed-out' ? 'dial-timed-out' : 'unreachable',
        stage: outcome.stage,
        ending: outcome,
      };
    case 'disconnected':
    case 'timed-out':
    case 'misspoke':
    case 'tls-failed':
      return { event: outcome.kind, stage: outcome.stage, ending: outcome };
    default:
      return outcome satisfies never;
  }
}

type Search = Extract<AttemptOutcome, { kind: 'no-host' }>['search'];

/** Exchangers with addresses of a family that we cannot dial are our fault, not the domain's (rule DNS-12). */
function eventOfSearch(search: Search): VerifyEvent {
  if (search.kind !== 'no-usable-address') return search.kind;
  return search.warnings.some((warning) => warning.startsWith('DNS-12'))
    ? 'no-usable-family'
    : 'no-usable-address';
}

const beforeRecipients: readonly (Stage | undefined)[] = [
  'connect',
  'greeting',
  'ehlo',
  'starttls',
  'auth',
  'mail',
  'command',
];

/** The first rule whose conditions all hold. */
export function ruleFor(sight: Sight, rules: readonly VerdictRule[]): VerdictRule {
  const rule = rules.find(({ when }) => holds(when, sight));
  if (rule === undefined) throw new Error('the last rule of a book holds always');
  return rule;
}

function holds(when: VerdictRule['when'], sight: Sight): boolean {
  if (Object.keys(when).length === 0) return true;
  return when.event === sight.event && repliedSo(when, sight) && stoodSo(when, sight);
}

function repliedSo(when: VerdictRule['when'], { stage, reply, explanation }: Seen): boolean {
  if (
    when.stage &&
    !when.stage.some((one) => one === stage || (one === 'session' && beforeRecipients.includes(stage)))
  )
    return false;
  if (when.code && !(reply && when.code.test(`${reply.code}`))) return false;
  if (when.esc && !when.esc.test(explanation?.enhanced?.code ?? reply?.enhanced ?? '')) return false;
  if (when.reason && !(explanation && when.reason.includes(explanation.reason))) return false;
  if (when.sure !== undefined && (explanation?.confidence ?? 0) < when.sure) return false;
  if (when.unsure !== undefined && (explanation?.confidence ?? 0) > when.unsure) return false;
  return (
    when.words === undefined || (reply !== undefined && replyText(reply).toLowerCase().includes(when.words))
  );
}

function stoodSo(when: VerdictRule['when'], { control, postmaster, everywhere, waited }: Sight): boolean {
  if (when.control && !when.control.includes(control)) return false;
  if (when.postmaster && !when.postmaster.includes(postmaster)) return false;
  if (when.everywhere && !everywhere) return false;
  return when.waited === undefined || waited >= when.waited;
}

/** What a control's answer counts for. Only a refusal that means the recipient tells that the host checks recipients. */
export function controlMark({ reply, explanation }: Seen): 'accepted' | 'refused' | 'deferred' | 'none' {
  if (!reply || !explanation) return 'none';
  switch (classOf(reply)) {
    case 2:
      return reply.code === 252 ? 'none' : 'accepted';
    case 4:
      return explanation.reason === 'user-unknown' ? 'refused' : 'deferred'; // a soft code for a hard fact
    case 5:
      return ['user-unknown', 'other', 'mailbox-disabled', 'recipient-syntax', 'moved'].includes(
        explanation.reason,
      )
        ? 'refused'
        : 'none';
    default:
      return 'none';
  }
}

/** One recipient at a time is all that the host takes: the next one needs a session of its own. */
export function isSecondTooMany({ reply, explanation }: Seen): boolean {
  if (!reply || classOf(reply) !== 4) return false;
  return reply.code === 452 || ['too-many-recipients', 'rate-limited'].includes(explanation?.reason ?? '');
}

/** The same refusal but for the address in it. */
export function isSameRefusal(a: Reply, b: Reply): boolean {
  const masked = (reply: Reply) =>
    replyText(reply)
      .toLowerCase()
      .replace(/\S+@\S+|<[^>]*>|[0-9a-f]{8,}/g, '');
  return a.code === b.code && a.enhanced === b.enhanced && masked(a) === masked(b);
}
