import type { DialogueListener, HostDialogue } from '../../../src/sim/host-dialogue.ts';
import type { TranscriptEvent } from '../../../src/transcript/transcript.ts';
import type { OperatorLimits } from '../../../src/verify/list/limits.ts';

interface Seen {
  open: number;
  /** When the first recipient was named, in clock time. */
  since: number | undefined;
  recipients: number;
}

/** Counts at the hosts what a client allows itself. Each host is taken for an operator of its own. Keeps no dialogue. */
export class LimitWitness implements DialogueListener {
  readonly #limits: OperatorLimits;
  readonly #hosts = new Map<string, Seen>();
  readonly #inConnection = new WeakMap<HostDialogue, { recipients: number; inTransaction: number }>();
  readonly exceeded: string[] = [];
  connections = 0;
  recipients = 0;
  messages = 0;
  /** The most that was seen of each. */
  readonly most = { parallel: 0, perConnection: 0, perTransaction: 0 };

  constructor(limits: OperatorLimits) {
    this.#limits = limits;
  }

  opened(dialogue: HostDialogue, forget: () => void): void {
    forget();
    this.connections++;
    this.#inConnection.set(dialogue, { recipients: 0, inTransaction: 0 });
    const seen = this.#seen(dialogue);
    seen.open++;
    this.#check('parallel', seen.open, dialogue);
  }

  said(dialogue: HostDialogue, event: TranscriptEvent): void {
    if (event.kind !== 'sent') return;
    const own = this.#inConnection.get(dialogue);
    const verb = event.lines[0]?.slice(0, 4).toUpperCase();
    if (verb === 'DATA' || verb === 'BDAT') this.messages++;
    if (!own || verb === 'MAIL') {
      if (own) own.inTransaction = 0;
      return;
    }
    if (verb !== 'RCPT') return;
    this.#check('perConnection', ++own.recipients, dialogue);
    this.#check('perTransaction', ++own.inTransaction, dialogue);
    this.#checkRate(dialogue, event.at);
  }

  closed(dialogue: HostDialogue): void {
    this.#seen(dialogue).open--;
  }

  /** So many since the first one, and one transaction more, which goes at once. */
  #checkRate(dialogue: HostDialogue, at: number): void {
    const seen = this.#seen(dialogue);
    seen.since ??= at;
    seen.recipients++;
    this.recipients++;
    const due = ((at - seen.since) / 1_000) * this.#limits.perSecond + this.#limits.perTransaction;
    if (seen.recipients > due + 1e-6)
      this.#note(`${dialogue.label}: ${seen.recipients} recipients where ${due.toFixed(2)} were due`);
  }

  #check(limit: keyof LimitWitness['most'], count: number, { label }: HostDialogue): void {
    this.most[limit] = Math.max(this.most[limit], count);
    if (count > this.#limits[limit]) this.#note(`${label}: ${limit} ${count}`);
  }

  #note(what: string): void {
    if (this.exceeded.length < 20) this.exceeded.push(what);
  }

  #seen({ label }: HostDialogue): Seen {
    const known = this.#hosts.get(label) ?? { open: 0, since: undefined, recipients: 0 };
    this.#hosts.set(label, known);
    return known;
  }
}
