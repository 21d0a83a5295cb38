import { classOf, type Reply } from '../smtp/reply.ts';
import type { Transcript } from '../transcript/transcript.ts';
import { type Asked, isSendable, readAddress } from './address.ts';
import type { Heard } from './asking.ts';
import { concludeInquiry } from './conclude-inquiry.ts';
import { verificationOf } from './concluding.ts';
import { controlFor } from './control-address.ts';
import { DomainView } from './domain-view.ts';
import type { Inquirer, InquiryResult, Pending } from './inquirer.ts';
import { controlMark, isSameRefusal, isSecondTooMany, ruleFor, type Seen, type Sight, see } from './sight.ts';
import type { ControlProbe, Verification } from './verification.ts';
import type { ControlResult, PostmasterResult } from './vocabulary.ts';

/** Puts the question of one address once, with the controls that its answer calls for, and says what came of it. */
export async function inquire(inquirer: Inquirer, address: string, before?: Pending): Promise<InquiryResult> {
  const asked = readAddress(address);
  if ('fault' in asked) return { done: syntaxFault(inquirer, address, asked.fault) };
  await inquirer.memory.fetch(asked.domain, inquirer.clock.now());
  return new Inquiry(inquirer, asked, before).run();
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

/** What a control got. */
interface Marked {
  readonly result: ControlProbe['result'];
  readonly seen: Seen;
}

class Inquiry {
  readonly #by: Inquirer;
  readonly #asked: Asked;
  readonly #first: number;
  readonly #before: Pending | undefined;
  readonly #domain: DomainView;
  readonly #transcripts: Transcript[] = [];
  readonly #notes: string[] = [];
  #control: string;
  /** The control was asked about together with the target. */
  #takenAlong = false;
  #second: string | undefined;

  constructor(by: Inquirer, asked: Asked, before: Pending | undefined) {
    this.#by = by;
    this.#asked = asked;
    this.#first = before?.first ?? by.clock.now();
    this.#before = before;
    this.#domain = new DomainView(asked.domain, by.memory);
    this.#control = before?.control ?? this.#newControl();
  }

  async run(): Promise<InquiryResult> {
    const { rules } = this.#by.book;
    const sender = this.#before?.sender ?? this.#by.sender;
    let seen = await this.#round(sender);
    let rule = ruleFor(seen.sight, rules);
    if (rule.change === 'sender' && sender !== '') {
      const second = await this.#round('');
      const other = ruleFor(second.sight, rules);
      if (other.verdict !== 'unknown') {
        this.#notes.push(
          'The sender was refused; with the null sender there was an answer about the recipient.',
        );
        [seen, rule] = [second, other];
      }
    }
    return concludeInquiry(this.#by, {
      heard: seen.heard,
      sight: seen.sight,
      rule,
      sender,
      address: this.#asked.address,
      first: this.#first,
      before: this.#before,
      control: this.#control,
      second: this.#second,
      domain: this.#domain,
      transcripts: this.#transcripts,
      notes: this.#notes,
    });
  }

  /** The target, a control, and where it matters another control or the postmaster. */
  async #round(sender: string): Promise<{ heard: Heard; sight: Sight }> {
    const { clock, knowledge } = this.#by;
    const heard = await this.#ask(sender);
    const target = see(heard.outcomes[0], knowledge, heard.host);
    const control = await this.#controls(heard, target, sender);
    const postmaster = await this.#askPostmaster(target, heard, sender);
    await this.#domain.keep(isAccepted(target) && target.reply?.code !== 252, clock.now());
    const sight: Sight = {
      control,
      postmaster,
      everywhere: heard.everywhere !== undefined,
      waited: clock.now() - this.#first,
      ...target,
    };
    return { heard, sight };
  }

  async #ask(sender: string): Promise<Heard> {
    const { wire } = this.#asked;
    const prefer = this.#before?.prefer;
    this.#takenAlong = this.#takesControl();
    const heard = await this.#by.ask({
      recipients: this.#takenAlong ? [wire, this.#control] : [wire],
      sender,
      ...(this.#wasOneTooMany() ? { apart: true } : {}),
      ...(prefer === undefined ? {} : { prefer }),
    });
    this.#note(heard);
    return heard;
  }

  /** It was put off for the company it came in: the next time it comes alone. RFC 5321 4.5.3.1.10 */
  #wasOneTooMany(): boolean {
    const { rules } = this.#by.book;
    const before = this.#before?.verification.evidence.rule;
    return before !== undefined && rules.find(({ id }) => id === before)?.again === 'at-once';
  }

  /** Whether the control goes along: not where the domain is known, nor where a greylist has one control of ours to think about. */
  #takesControl(): boolean {
    const now = this.#by.clock.now();
    this.#domain.recall(now);
    const deferred = this.#domain.deferredControl(now);
    this.#control = deferred ?? this.#control;
    if (this.#domain.controlled || !isSendable(this.#control)) return false;
    return deferred === undefined || this.#before !== undefined;
  }

  #note(heard: Heard): void {
    this.#transcripts.push(...heard.transcripts);
    this.#domain.meet(heard.exchangers);
    if (heard.exchangers.kind !== 'found') return;
    for (const warning of heard.exchangers.warnings)
      if (!this.#notes.includes(warning)) this.#notes.push(warning);
  }

  /** Reads the control's answer, and asks further controls as the first one calls for. */
  async #controls(heard: Heard, target: Seen, sender: string): Promise<ControlResult> {
    const accepted = isAccepted(target);
    let mark = await this.#firstControl(heard, accepted, sender);
    if (accepted && mark?.result === 'deferred' && isSecondTooMany(mark.seen))
      mark = await this.#controlApart(this.#control, sender); // Outlook puts off the second recipient of a session
    if (mark?.result === 'deferred' && !this.#domain.controlled) return 'deferred';
    const { count } = this.#domain;
    if (accepted && count.accepted === 1 && count.refused === 0) {
      await this.#by.clock.sleep(this.#by.controlGap);
      const now = this.#by.clock.now();
      const known = this.#by.memory.recall(this.#asked.domain, now)?.controls;
      if (known && known.accepted + known.refused > 1)
        this.#domain.recall(now); // others have asked in the meantime
      else await this.#askSecond(sender);
    }
    return this.#domain.result;
  }

  /**
   * The control that went along. Where none did, and the target has passed all the same: the one that a greylist was left to think
   * about, or one of a domain whose hosts turned out to be others than those that were known.
   */
  async #firstControl(heard: Heard, accepted: boolean, sender: string): Promise<Marked | undefined> {
    const outcome = heard.outcomes[1];
    if (outcome) return this.#mark(this.#control, outcome, heard);
    if (!accepted || this.#takenAlong || this.#domain.controlled) return undefined;
    const found = this.#by.memory.recall(this.#asked.domain, this.#by.clock.now());
    if (this.#domain.isOf(found)) this.#domain.recall(this.#by.clock.now()); // others have asked in the meantime
    if (this.#domain.controlled || !isSendable(this.#control)) return undefined;
    const { ip } = heard;
    return this.#askControl(this.#control, { sender, ...(ip === undefined ? {} : { prefer: ip }) });
  }

  async #askSecond(sender: string): Promise<void> {
    this.#second = this.#before?.second ?? this.#newControl();
    await this.#controlApart(this.#second, sender);
  }

  #controlApart(control: string, sender: string): Promise<Marked> {
    return this.#askControl(control, { sender, apart: true });
  }

  async #askControl(
    control: string,
    how: { readonly sender: string; readonly apart?: boolean; readonly prefer?: string },
  ): Promise<Marked> {
    const heard = await this.#by.ask({ recipients: [control], ...how });
    this.#note(heard);
    return this.#mark(control, heard.outcomes[0], heard);
  }

  #newControl(): string {
    const { local, domain } = this.#asked;
    return `${controlFor(local, this.#by.random)}@${domain}`;
  }

  #mark(address: string, outcome: Heard['outcomes'][number], { host }: Heard): Marked {
    const seen = see(outcome, this.#by.knowledge, host);
    const result = controlMark(seen);
    const probe = {
      address,
      ...(host === undefined ? {} : { host }),
      result,
      ...(seen.reply ? { reply: seen.reply } : {}),
    };
    this.#domain.add(probe, this.#by.clock.now());
    return { result, seen };
  }

  /** Who refuses even the postmaster refuses us, not the recipient. RFC 5321 4.5.1 */
  async #askPostmaster(target: Seen, heard: Heard, sender: string): Promise<PostmasterResult> {
    const { reply, stage } = target;
    if (reply === undefined || stage !== 'rcpt' || !(classOf(reply) === 5 || this.#isStillUnknown(target)))
      return 'none';
    if (this.#domain.knownGood) return 'accepted';
    const suspicious = ['user-unknown', 'policy', 'other'].includes(target.explanation?.reason ?? 'other');
    const controlDeferred =
      heard.outcomes[1] !== undefined && this.#domain.probes.at(-1)?.result === 'deferred';
    if (!suspicious || controlDeferred) return 'none';
    const answer = this.#domain.postmaster ?? (await this.#askPostmasterAfter(reply, sender, heard));
    if (!answer) return 'none';
    this.#domain.postmaster = answer;
    if (classOf(answer) === 2) return 'accepted';
    return isSameRefusal(answer, reply) ? 'same-refusal' : 'other';
  }

  /** A soft code for somebody unknown, and not for the first time. */
  #isStillUnknown({ reply, explanation }: Seen): boolean {
    const soft = reply !== undefined && classOf(reply) === 4 && explanation?.reason === 'user-unknown';
    return soft && this.#before !== undefined;
  }

  /** Nobody comes back at once to a host that has put him off. */
  async #askPostmasterAfter(reply: Reply, sender: string, heard: Heard): Promise<Reply | undefined> {
    if (classOf(reply) === 4) await this.#by.clock.sleep(this.#by.controlGap);
    return this.#postmasterReply(sender, heard);
  }

  async #postmasterReply(sender: string, { ip, host }: Heard): Promise<Reply | undefined> {
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
}

const isAccepted = ({ reply }: Seen): boolean => reply !== undefined && classOf(reply) === 2;
