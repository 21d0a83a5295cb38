import type { ExchangerSearch } from '../dns/exchangers.ts';
import type { Reply } from '../smtp/reply.ts';
import { hours } from '../time/duration.ts';
import type { ControlCount } from './belief.ts';
import type { DeferredControl, DomainFacts, DomainMemory } from './domain-memory.ts';
import { isSameNames, namesOf } from './exchanger-names.ts';
import type { ControlProbe } from './verification.ts';
import type { ControlResult } from './vocabulary.ts';

const factsKept = hours(7 * 24);

/** What one inquiry knows of its domain: what others found out before, and what it finds out itself. */
export class DomainView {
  readonly #domain: string;
  readonly #memory: DomainMemory;
  #count: ControlCount = { accepted: 0, refused: 0 };
  #probes: ControlProbe[] = [];
  #knownGood = false;
  #postmaster: Reply | undefined;
  #deferred: DeferredControl | undefined;
  #exchangers = '';
  /** Of what was recalled and still holds. */
  #expires: number | undefined;

  constructor(domain: string, memory: DomainMemory) {
    this.#domain = domain;
    this.#memory = memory;
  }

  get count(): ControlCount {
    return this.#count;
  }

  get probes(): readonly ControlProbe[] {
    return this.#probes;
  }

  /** Controls were answered; another one is idle. */
  get controlled(): boolean {
    return this.#count.accepted + this.#count.refused > 0;
  }

  /** Somebody there was accepted. */
  get knownGood(): boolean {
    return this.#knownGood || this.#count.accepted > 0;
  }

  get postmaster(): Reply | undefined {
    return this.#postmaster;
  }

  set postmaster(reply: Reply) {
    this.#postmaster = reply;
    if (reply.code < 300) this.#knownGood = true;
  }

  /** What all controls together say. */
  get result(): ControlResult {
    const { accepted, refused } = this.#count;
    if (accepted > 0 && refused > 0) return 'mixed';
    if (accepted > 0) return accepted > 1 ? 'accepted-twice' : 'accepted';
    return refused > 0 ? 'refused' : 'none';
  }

  /** Takes over what holds of that which the domain showed before. */
  recall(now: number): void {
    const facts = this.#memory.recall(this.#domain, now);
    if (!facts) return;
    this.#count = facts.controls;
    this.#probes = [...facts.probes];
    this.#knownGood = facts.knownGood;
    this.#postmaster = facts.postmaster;
    this.#deferred = facts.deferred;
    this.#exchangers = facts.exchangers;
    this.#expires = facts.expires;
  }

  /** The control that was put off, of whomever it was: a greylist knows it already (RFC 6647 4.2). */
  deferredControl(now: number): string | undefined {
    return this.#deferred && this.#deferred.until > now ? this.#deferred.address : undefined;
  }

  /** Other hosts, other habits: what was known goes with the hosts of that time. */
  meet(search: ExchangerSearch): void {
    if (search.kind !== 'found') return;
    const exchangers = namesOf(search.exchangers);
    if (this.#exchangers !== '' && !isSameNames(exchangers, this.#exchangers)) this.#forget();
    this.#exchangers = exchangers;
  }

  /** Whether facts are of the hosts that were met. */
  isOf(facts: DomainFacts | undefined): boolean {
    return facts !== undefined && isSameNames(facts.exchangers, this.#exchangers);
  }

  /** Counts what a control got, each in a session of its own. */
  add(probe: ControlProbe, now: number): void {
    const { address, result } = probe;
    this.#probes.push(probe);
    if (result === 'accepted' || result === 'refused') {
      this.#count = { ...this.#count, [result]: this.#count[result] + 1 };
      this.#deferred = undefined;
      this.#expires = undefined; // known anew
    } else if (result === 'deferred' && !this.controlled && this.#deferred?.address !== address)
      this.#deferred = { address, until: now + controlKept };
  }

  /** Leaves what is known to whoever asks about the domain next; `accepted`: somebody who was asked about just now was. */
  async keep(accepted: boolean, now: number): Promise<void> {
    if (this.#exchangers === '') return;
    this.#knownGood ||= accepted;
    await this.#memory.keep(this.#domain, this.#facts(now), now);
  }

  #facts(now: number): DomainFacts {
    return {
      controls: this.#count,
      probes: worthKeeping(this.#probes),
      knownGood: this.#knownGood,
      ...(this.#postmaster ? { postmaster: this.#postmaster } : {}),
      ...(this.#deferred ? { deferred: this.#deferred } : {}),
      exchangers: this.#exchangers,
      expires: this.#expires ?? now + factsKept,
    };
  }

  #forget(): void {
    this.#count = { accepted: 0, refused: 0 };
    this.#probes = [];
    this.#knownGood = false;
    this.#postmaster = undefined;
    this.#deferred = undefined;
    this.#expires = undefined;
  }
}

/** As long as greylists are asked again; another run has another control. */
const controlKept = hours(28);

const mostProbes = 4;

/** Of a control that was asked several times, the last answer. */
function worthKeeping(probes: readonly ControlProbe[]): readonly ControlProbe[] {
  const answered = probes
    .filter(({ result }) => result !== 'none')
    .map((probe) => [probe.address, probe] as const);
  return [...new Map(answered).values()].slice(-mostProbes);
}
