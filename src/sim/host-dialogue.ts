import type { Stage } from '../smtp/stage.ts';
import type { TlsFacts, Transcript, TranscriptEvent } from '../transcript/transcript.ts';

/** A message that a host has taken, or refused after the dot. */
export interface ReceivedMessage {
  readonly sender: string;
  readonly recipients: readonly string[];
  /** At most the first MiB, dots unstuffed. */
  readonly content: Buffer;
  /** All of it, in bytes. */
  readonly bytes: number;
  readonly accepted: boolean;
}

/** Who ended a dialogue, and how. */
export interface DialogueEnd {
  /** The stage of the last command, or `message` while one was being sent. */
  readonly at: Stage;
  readonly by: 'host' | 'client';
  readonly how: 'closed' | 'reset';
}

/** One connection as its host saw it. Events are told from the client's side, as in every transcript. */
export interface HostDialogue extends Transcript {
  readonly id: number;
  /** The name the host has in its world; `host` is what it calls itself. */
  readonly label: string;
  readonly provider: string;
  /** The address the client came from. */
  readonly client: string;
  readonly messages: readonly ReceivedMessage[];
  /** Absent while it lasts. */
  readonly end?: DialogueEnd;
}

/** Hears what happens at a host. */
export interface DialogueListener {
  opened?(dialogue: HostDialogue): void;
  said?(dialogue: HostDialogue, event: TranscriptEvent): void;
  closed?(dialogue: HostDialogue): void;
}

/** How much of one dialogue is kept: events beyond it are counted no more. */
const mostEvents = 10_000;

/** Writes down one connection for a host's listener. */
export class DialogueRecorder implements HostDialogue {
  readonly id: number;
  readonly host: string;
  readonly label: string;
  readonly provider: string;
  readonly client: string;
  readonly events: TranscriptEvent[] = [];
  readonly messages: ReceivedMessage[] = [];
  end?: DialogueEnd;
  tls = false;
  readonly #listener: DialogueListener;
  readonly #now: () => number;

  constructor(
    facts: {
      readonly id: number;
      readonly host: string;
      readonly label: string;
      readonly provider: string;
      readonly client: string;
    },
    listener: DialogueListener,
    now: () => number,
  ) {
    this.id = facts.id;
    this.host = facts.host;
    this.label = facts.label;
    this.provider = facts.provider;
    this.client = facts.client;
    this.#listener = listener;
    this.#now = now;
    listener.opened?.(this);
  }

  get from(): string {
    return this.client;
  }

  connected(address: string, port: number): void {
    this.#write({ at: this.#now(), tls: this.tls, kind: 'connected', host: this.host, address, port });
  }

  /** A line from the client, as Latin-1, passwords blanked. */
  heard(line: string, bytes: number): void {
    this.#write({ at: this.#now(), tls: this.tls, kind: 'sent', lines: [line], bytes });
  }

  secured(facts: TlsFacts): void {
    this.tls = true;
    this.#write({ at: this.#now(), tls: true, kind: 'secured', facts });
  }

  heardMessage(message: ReceivedMessage): void {
    this.messages.push(message);
  }

  said(bytes: string): void {
    const lines = bytes.replace(/\r?\n$/, '').split(/\r?\n/);
    this.#write({ at: this.#now(), tls: this.tls, kind: 'received', lines, bytes: bytes.length });
  }

  close(end: DialogueEnd): void {
    if (this.end) return;
    this.end = end;
    const at = this.#now();
    this.#write(
      end.by === 'host'
        ? { at, tls: this.tls, kind: 'left', how: end.how }
        : { at, tls: this.tls, kind: 'hung-up' },
    );
    this.#listener.closed?.(this);
  }

  #write(event: TranscriptEvent): void {
    if (this.events.length >= mostEvents) return;
    this.events.push(event);
    this.#listener.said?.(this, event);
  }
}

/** A command line as it may be written down: what may be a password is left out. RFC 4954 4 */
export function shownLine(line: Buffer, secret: boolean): string {
  return secret ? '****' : line.toString('latin1').replace(/^(AUTH\s+\S+\s+)\S.*$/i, '$1****');
}
