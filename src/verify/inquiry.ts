import type { Knowledge } from '../knowledge/knowledge.ts';
import { classOf, type Reply, replyText } from '../smtp/reply.ts';
import type { Clock } from '../time/clock.ts';
import { hours } from '../time/duration.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { type Asked, isSendable, readAddress } from './address.ts';
import type { Ask, Heard } from './asking.ts';
import type { ControlCount, Priors } from './belief.ts';
import { verificationOf } from './concluding.ts';
import { controlFor } from './control-address.ts';
import type { DomainMemory } from './domain-memory.ts';
import { nextTry } from './retrying.ts';
import type { VerdictBook, VerdictRule } from './rules.ts';
import { controlMark, ruleFor, type Seen, type Sight, see } from './sight.ts';
import type { ControlProbe, Verification } from './verification.ts';
import type { ControlResult, PostmasterResult } from './vocabulary.ts';

/** How questions are put, and by what is judged what comes back. */
export interface Inquirer {
  readonly ask: Ask;
  readonly knowledge: Knowledge;
  readonly book: VerdictBook;
  readonly memory: DomainMemory;
  readonly clock: Clock;
  readonly random: () => number;
  /** The envelope sender. */
  readonly sender: string;
  readonly priors: Priors;
  /** ms between a control that was accepted and the next one, which is to be independent of it. */
  readonly controlGap: number;
  /** ms after which nothing is asked again. */
  readonly patience: number;
}

/** A question that was put off. Plain data: it can be written down and taken up again. */
export interface Pending {
  readonly address: string;
  /** When it was put first, and when to put it again, in ms since 1970. */
  readonly first: number;
  readonly next: number;
  readonly tries: number;
  /** The same sender, host and control go along, or a greylist begins anew (RFC 6647 4.2). */
  readonly sender: string;
  readonly prefer?: string;
  readonly control?: string;
  /** A second control, which was put off in its turn. */
  readonly second?: string;
  /** Why it waits. */
  readonly verification: Verification;
}

export type InquiryResult = { readonly done: Verification } | { readonly pending: Pending };

const factsKept = hours(7 * 24);
/** When a question that no schedule covers may be worth putting again. */
const usualPause = hours(1);

/** Puts the question of one address once, with the controls that its answer calls for, and says what came of it. */
export async function inquire(inquirer: Inquirer, address: string, before?: Pending): Promise<InquiryResult> {
  const asked = readAddress(address);
  const first = before?.first ?? inquirer.clock.now();
  if ('fault' in asked) return { done: syntaxFault(inquirer, address, asked.fault) };
  return new Inquiry(inquirer, asked, first, before).run();
}

function syntaxFault({ book, clock }: Inquirer, address: string, fault: string): Verification {
  const sight: Sight = {
    event: 'bad-syntax',
    control: 'none',
    postmaster: 'none',
    everywhere: false,
    waited: 0,
  };
  return verificationOf({
    address,
    sight,
    rule: ruleFor(sight, book.rules),
    now: clock.now(),
    evidence: { controls: [], tries: 0, elapsed: 0, transcripts: [] },
    notes: [`Not an address: ${fault}.`],
  });
}

class Inquiry {
  readonly #by: Inquirer;
  readonly #asked: Asked;
  readonly #first: number;
  readonly #before: Pending | undefined;
  readonly #control: string;
  readonly #transcripts: Transcript[] = [];
  readonly #notes: string[] = [];
  #probes: ControlProbe[] = [];
  #count: ControlCount = { accepted: 0, refused: 0 };
  #knownGood = false;
  #exchangers = '';
  /** Of what was recalled and still holds. */
  #expires: number | undefined;
  #postmaster: Reply | undefined;
  #second: string | undefined;

  constructor(by: Inquirer, asked: Asked, first: number, before: Pending | undefined) {
    this.#by = by;
    this.#asked = asked;
    this.#first = first;
    this.#before = before;
    this.#control = before?.control ?? `${controlFor(asked.local, by.random)}@${asked.domain}`;
  }

  async run(): Promise<InquiryResult> {
    const sender = this.#before?.sender ?? this.#by.sender;
    let seen = await this.#round(sender);
    let rule = ruleFor(seen.sight, this.#by.book.rules);
    if (rule.change === 'sender' && sender !== '') {
      const second = await this.#round('');
      const other = ruleFor(second.sight, this.#by.book.rules);
      if (other.verdict !== 'unknown') {
        this.#notes.push(
          'The sender was refused; with the null sender there was an answer about the recipient.',
        );
        [seen, rule] = [second, other];
      }
    }
    return this.#result(seen, rule, sender);
  }

  /** The target, a control, and where it matters another control or the postmaster. */
  async #round(sender: string): Promise<{ heard: Heard; sight: Sight }> {
    const { clock } = this.#by;
    const heard = await this.#ask(sender);
    const target = see(heard.outcomes[0], this.#by.knowledge, heard.host);
    const control = await this.#controls(heard, target, sender);
    const postmaster = await this.#askPostmaster(target, heard, sender);
    this.#remember(target);
    const sight: Sight = {
      ...target,
      control,
      postmaster,
      everywhere: heard.everywhere !== undefined,
      waited: clock.now() - this.#first,
    };
    return { heard, sight };
  }

  async #ask(sender: string): Promise<Heard> {
    const { wire, domain } = this.#asked;
    const known = this.#recall(domain);
    const prefer = this.#before?.prefer;
    const heard = await this.#by.ask({
      recipients: known || !isSendable(this.#control) ? [wire] : [wire, this.#control],
      sender,
      ...(prefer === undefined ? {} : { prefer }),
    });
    this.#note(heard);
    return heard;
  }

  /** What the domain showed before; enough of it makes another control idle. */
  #recall(domain: string): boolean {
    const facts = this.#by.memory.recall(domain, this.#by.clock.now());
    if (!facts) return false;
    this.#count = facts.controls;
    this.#probes = [...facts.probes];
    this.#knownGood = facts.knownGood;
    this.#postmaster = facts.postmaster;
    this.#exchangers = facts.exchangers;
    this.#expires = facts.expires;
    return facts.controls.accepted + facts.controls.refused > 0;
  }

  #note(heard: Heard): void {
    this.#transcripts.push(...heard.transcripts);
    if (heard.exchangers.kind !== 'found') return;
    const exchangers = heard.exchangers.exchangers
      .map(({ host }) => host)
      .sort()
      .join(' ');
    if (this.#exchangers !== '' && exchangers !== this.#exchangers) this.#forget(); // other hosts, other habits
    this.#exchangers = exchangers;
    for (const warning of heard.exchangers.warnings)
      if (!this.#notes.includes(warning)) this.#notes.push(warning);
  }

  #forget(): void {
    this.#count = { accepted: 0, refused: 0 };
    this.#probes = [];
    this.#knownGood = false;
    this.#postmaster = undefined;
    this.#expires = undefined;
  }

  /** Reads the control's answer, and asks further controls as the first one calls for. */
  async #controls(heard: Heard, target: Seen, sender: string): Promise<ControlResult> {
    const outcome = heard.outcomes[1];
    let mark = outcome && this.#mark(this.#control, outcome, heard);
    const accepted = target.reply !== undefined && classOf(target.reply) === 2;
    if (accepted && mark?.result === 'deferred' && isSecondTooMany(mark.seen)) {
      mark = await this.#controlApart(this.#control, sender); // Outlook puts off the second recipient of a session
    }
    if (mark?.result === 'deferred' && this.#count.accepted + this.#count.refused === 0) return 'deferred';
    if (accepted && this.#count.accepted === 1 && this.#count.refused === 0) {
      await this.#by.clock.sleep(this.#by.controlGap);
      const known = this.#by.memory.recall(this.#asked.domain, this.#by.clock.now())?.controls;
      if (known && known.accepted + known.refused > 1)
        this.#recall(this.#asked.domain); // others have asked in the meantime
      else await this.#askSecond(sender);
    }
    return resultOf(this.#count);
  }

  async #askSecond(sender: string): Promise<void> {
    const { local, domain } = this.#asked;
    this.#second = this.#before?.second ?? `${controlFor(local, this.#by.random)}@${domain}`;
    await this.#controlApart(this.#second, sender);
  }

  async #controlApart(
    control: string,
    sender: string,
  ): Promise<{ result: ControlProbe['result']; seen: Seen }> {
    const heard = await this.#by.ask({ recipients: [control], sender, apart: true });
    this.#note(heard);
    return this.#mark(control, heard.outcomes[0], heard);
  }

  #mark(
    address: string,
    outcome: Heard['outcomes'][number],
    { host }: Heard,
  ): { result: ControlProbe['result']; seen: Seen } {
    const seen = see(outcome, this.#by.knowledge, host);
    const result = controlMark(seen);
    if (result === 'accepted' || result === 'refused') {
      this.#count = { ...this.#count, [result]: this.#count[result] + 1 };
      this.#expires = undefined; // known anew
    }
    this.#probes.push({
      address,
      ...(host === undefined ? {} : { host }),
      result,
      ...(seen.reply ? { reply: seen.reply } : {}),
    });
    return { result, seen };
  }

  /** Who refuses even the postmaster refuses us, not the recipient. RFC 5321 4.5.1 */
  async #askPostmaster(
    target: Seen,
    { host, ip, outcomes }: Heard,
    sender: string,
  ): Promise<PostmasterResult> {
    const { reply, stage } = target;
    if (reply === undefined || stage !== 'rcpt' || !(classOf(reply) === 5 || this.#isStillUnknown(target)))
      return 'none';
    if (this.#knownGood || this.#count.accepted > 0) return 'accepted';
    const suspicious = ['user-unknown', 'policy', 'other'].includes(target.explanation?.reason ?? 'other');
    if (!suspicious || (outcomes[1] !== undefined && this.#probes.at(-1)?.result === 'deferred'))
      return 'none';
    const isPutOff = this.#postmaster === undefined && classOf(reply) === 4;
    if (isPutOff) await this.#by.clock.sleep(this.#by.controlGap); // nobody comes back at once to a host that has put him off
    const answer = this.#postmaster ?? (await this.#postmasterReply(sender, ip, host));
    if (!answer) return 'none';
    this.#postmaster = answer;
    if (classOf(answer) === 2) {
      this.#knownGood = true;
      return 'accepted';
    }
    return isSameRefusal(answer, reply) ? 'same-refusal' : 'other';
  }

  /** A soft code for somebody unknown, and not for the first time. */
  #isStillUnknown({ reply, explanation }: Seen): boolean {
    const soft = reply !== undefined && classOf(reply) === 4 && explanation?.reason === 'user-unknown';
    return soft && this.#before !== undefined;
  }

  async #postmasterReply(
    sender: string,
    ip: string | undefined,
    host: string | undefined,
  ): Promise<Reply | undefined> {
    const postmaster = `postmaster@${this.#asked.domain}`;
    if (!isSendable(postmaster)) return undefined;
    const heard = await this.#by.ask({
      recipients: [postmaster],
      sender,
      ...(ip === undefined ? {} : { prefer: ip }),
    });
    this.#note(heard);
    const { stage, reply } = see(heard.outcomes[0], this.#by.knowledge, host);
    return stage === 'rcpt' && reply && classOf(reply) !== 4 ? reply : undefined; // put off is no answer to keep
  }

  #remember({ reply }: Seen): void {
    if (this.#exchangers === '') return;
    const accepted = reply !== undefined && classOf(reply) === 2 && reply.code !== 252;
    this.#knownGood ||= accepted;
    this.#by.memory.keep(this.#asked.domain, {
      controls: this.#count,
      probes: this.#probes,
      knownGood: this.#knownGood,
      ...(this.#postmaster ? { postmaster: this.#postmaster } : {}),
      exchangers: this.#exchangers,
      expires: this.#expires ?? this.#by.clock.now() + factsKept,
    });
  }

  #result(
    { heard, sight }: { heard: Heard; sight: Sight },
    rule: VerdictRule,
    sender: string,
  ): InquiryResult {
    const tries = (this.#before?.tries ?? 0) + 1;
    const next = this.#next(sight, rule, tries);
    const final = next === undefined && rule.id === 'V043' ? this.#withoutControl(sight) : rule; // it never came: judge without it
    const verification = this.#verification(heard, sight, final, tries, next);
    if (next === undefined || next - this.#first > this.#by.patience) return { done: verification };
    return {
      pending: {
        address: this.#asked.address,
        first: this.#first,
        next,
        tries,
        sender,
        ...(heard.ip !== undefined && spokeOfMail(sight) ? { prefer: heard.ip } : {}),
        control: this.#control,
        ...(this.#second === undefined ? {} : { second: this.#second }),
        verification,
      },
    };
  }

  #withoutControl(sight: Sight): VerdictRule {
    this.#notes.push('No control address was ever answered.');
    return ruleFor({ ...sight, control: 'none' }, this.#by.book.rules);
  }

  /** When to ask again, in ms since 1970. */
  #next(sight: Sight, rule: VerdictRule, tries: number): number | undefined {
    if (rule.again === undefined) return undefined;
    const words = sight.reply ? replyText(sight.reply) : '';
    const { waited } = sight;
    const wait = nextTry(this.#by.book.schedules[rule.again], { tries, waited, words }, this.#by.random);
    return wait === undefined ? undefined : this.#first + wait;
  }

  #verification(
    { host, ip }: Heard,
    sight: Sight,
    rule: VerdictRule,
    tries: number,
    next: number | undefined,
  ): Verification {
    const now = this.#by.clock.now();
    const later = next ?? (rule.retryable || rule.again ? now + usualPause : undefined);
    return verificationOf({
      address: this.#asked.address,
      sight,
      rule,
      now,
      ...(later === undefined ? {} : { later }),
      count: this.#count,
      priors: this.#by.priors,
      evidence: {
        ...(host === undefined ? {} : { host }),
        ...(ip === undefined ? {} : { ip }),
        controls: this.#probes,
        ...(this.#postmaster ? { postmaster: this.#postmaster } : {}),
        tries,
        elapsed: now - this.#first,
        transcripts: this.#transcripts,
      },
      notes: this.#notes,
    });
  }
}

/** The host took part in a transaction: it is the one to come back to. Others only stood in the way. */
const spokeOfMail = ({ stage }: Sight): boolean => stage === 'mail' || stage === 'rcpt';

function resultOf({ accepted, refused }: ControlCount): ControlResult {
  if (accepted > 0 && refused > 0) return 'mixed';
  if (accepted > 0) return accepted > 1 ? 'accepted-twice' : 'accepted';
  return refused > 0 ? 'refused' : 'none';
}

/** One recipient at a time is all that the host takes: the next one needs a session of its own. */
function isSecondTooMany({ reply, explanation }: Seen): boolean {
  if (!reply || classOf(reply) !== 4) return false;
  return reply.code === 452 || ['too-many-recipients', 'rate-limited'].includes(explanation?.reason ?? '');
}

/** The same refusal but for the address in it. */
function isSameRefusal(a: Reply, b: Reply): boolean {
  const masked = (reply: Reply) =>
    replyText(reply)
      .toLowerCase()
      .replace(/\S+@\S+|<[^>]*>|[0-9a-f]{8,}/g, '');
  return a.code === b.code && a.enhanced === b.enhanced && masked(a) === masked(b);
}
