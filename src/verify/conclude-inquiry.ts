import { replyText } from '../smtp/reply.ts';
import { hours } from '../time/duration.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { Heard } from './asking.ts';
import { verificationOf } from './concluding.ts';
import type { DomainView } from './domain-view.ts';
import type { Inquirer, InquiryResult, Pending } from './inquirer.ts';
import { nextTry } from './retrying.ts';
import type { VerdictRule } from './rules.ts';
import { ruleFor, type Sight } from './sight.ts';
import type { Verification } from './verification.ts';

/** What an inquiry has come to. */
export interface Inquired {
  readonly heard: Heard;
  readonly sight: Sight;
  readonly rule: VerdictRule;
  readonly sender: string;
  readonly address: string;
  /** When the question was put for the first time, in ms since 1970. */
  readonly first: number;
  readonly before: Pending | undefined;
  readonly control: string;
  readonly second: string | undefined;
  readonly domain: DomainView;
  readonly transcripts: readonly Transcript[];
  readonly notes: readonly string[];
}

/** Where no schedule and no pause of the book says when a question may be worth putting again. */
const usualPause = hours(1);

/** A verdict, or a question to be put again while there is patience for it. */
export function concludeInquiry(by: Inquirer, inquired: Inquired): InquiryResult {
  const { heard, sight, first, before, control, second, address, sender } = inquired;
  const tries = (before?.tries ?? 0) + 1;
  const next = nextOf(by, inquired, tries);
  const verification =
    next === undefined && inquired.rule.id === 'V043'
      ? verificationIn(by, withoutControl(by, inquired), { tries, next })
      : verificationIn(by, inquired, { tries, next });
  if (next === undefined || next - first > by.patience) return { done: verification };
  return {
    pending: {
      address,
      first,
      next,
      tries,
      sender,
      ...(heard.ip !== undefined && spokeOfMail(sight) ? { prefer: heard.ip } : {}),
      control,
      ...(second === undefined ? {} : { second }),
      verification,
    },
  };
}

/** When to ask again, in ms since 1970. */
function nextOf(
  { book, random }: Inquirer,
  { rule, sight, first }: Inquired,
  tries: number,
): number | undefined {
  if (rule.again === undefined) return undefined;
  const words = sight.reply ? replyText(sight.reply) : '';
  const wait = nextTry(book.schedules[rule.again], { tries, waited: sight.waited, words }, random);
  return wait === undefined ? undefined : first + wait;
}

/** The control's answer never came: judge without it. */
function withoutControl({ book }: Inquirer, inquired: Inquired): Inquired {
  return {
    ...inquired,
    rule: ruleFor({ ...inquired.sight, control: 'none' }, book.rules),
    notes: [...inquired.notes, 'No control address was ever answered.'],
  };
}

function verificationIn(
  { clock, book, priors }: Inquirer,
  { heard: { host, ip }, sight, rule, address, first, domain, transcripts, notes }: Inquired,
  { tries, next }: { readonly tries: number; readonly next: number | undefined },
): Verification {
  const now = clock.now();
  const pause = book.pauses[rule['sub-reason']] ?? usualPause;
  const later = next ?? (rule.retryable || rule.again ? now + pause : undefined);
  return verificationOf({
    address,
    sight,
    rule,
    now,
    ...(later === undefined ? {} : { later }),
    count: domain.count,
    priors,
    evidence: {
      controls: domain.probes,
      tries,
      elapsed: now - first,
      transcripts,
      ...(host === undefined ? {} : { host }),
      ...(ip === undefined ? {} : { ip }),
      ...(domain.postmaster ? { postmaster: domain.postmaster } : {}),
    },
    notes,
  });
}

/** The host took part in a transaction: it is the one to come back to. Others only stood in the way. */
const spokeOfMail = ({ stage }: Sight): boolean => stage === 'mail' || stage === 'rcpt';
