import type { Knowledge } from '../../knowledge/knowledge.ts';
import type { DialogueListener, HostDialogue, ReceivedMessage } from '../../sim/host-dialogue.ts';
import type { TranscriptEvent } from '../../transcript/transcript.ts';
import type { HostFault } from '../../world/running-lab.ts';
import { recordOfEntry } from '../json-entry.ts';
import { jsonLine } from '../json-text.ts';
import { FollowedDialogue } from './followed-dialogue.ts';
import type { Served } from './served.ts';

/** With so much written and not read, in bytes, records are left out. */
const mostBacklog = 16 * 1024 * 1024;

interface JsonOptions {
  readonly write: (text: string) => void;
  /** Bytes that have been written and that nobody has read yet. */
  readonly backlog: () => number;
  readonly knowledge: Knowledge;
}

/** One JSON object for each line, as `json-format.md` says. */
export class ServeJson implements DialogueListener {
  readonly #options: JsonOptions;
  readonly #told = new Map<HostDialogue, FollowedDialogue>();
  #leftOut = 0;

  constructor(options: JsonOptions, { hosts, dns, control }: Served) {
    this.#options = options;
    this.#write({
      ready: true,
      hosts: hosts.map(({ name, provider, address, port }) => ({ name, provider, address, port })),
      dns,
      control: control && { address: control.address, port: control.port, url: control.url },
    });
  }

  opened(dialogue: HostDialogue): void {
    this.#told.set(dialogue, new FollowedDialogue(dialogue));
  }

  said(dialogue: HostDialogue, event: TranscriptEvent): void {
    if (event.kind === 'connected') {
      const { provider, client } = dialogue;
      this.#say('opened', dialogue, { provider, client, at: new Date(event.at).toISOString() });
    }
    for (const entry of this.#told.get(dialogue)?.entriesOf(event) ?? []) {
      const record = recordOfEntry(entry, this.#options.knowledge);
      if (record) this.#say(record.type, dialogue, record.fields);
    }
  }

  received(dialogue: HostDialogue, { sender, recipients, bytes, accepted }: ReceivedMessage): void {
    this.#say('message', dialogue, { sender, recipients, bytes, accepted });
  }

  closed(dialogue: HostDialogue): void {
    const tookMs = this.#told.get(dialogue)?.age ?? 0;
    this.#told.delete(dialogue);
    this.#say('closed', dialogue, { ...dialogue.end, tookMs });
  }

  /** The last line. */
  end(dialogues: number, unusedFaults: readonly HostFault[]): void {
    this.#catchUp();
    this.#write({
      type: 'end',
      dialogues,
      unusedFaults: unusedFaults.map(({ id, host, at, recipient, times, left }) => ({
        id,
        host,
        at,
        recipient,
        times,
        left,
      })),
    });
  }

  #say(type: string, { id, label }: HostDialogue, fields: object): void {
    if (this.#options.backlog() > mostBacklog) {
      this.#leftOut++;
      return;
    }
    this.#catchUp();
    this.#write({ type, dialogue: id, ...fields, host: label });
  }

  /** Says how much was left out while nobody read. */
  #catchUp(): void {
    if (this.#leftOut > 0) this.#write({ type: 'left-out', records: this.#leftOut });
    this.#leftOut = 0;
  }

  #write(record: object): void {
    this.#options.write(`${jsonLine(record)}\n`);
  }
}
