import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { DialogueListener, HostDialogue } from '../../sim/host-dialogue.ts';
import { escapeControls } from '../../text/escape.ts';
import { printDialogue } from '../../transcript/notation.ts';

/**
 * Writes each dialogue into a folder when it ends, in the notation that `parseDialogue` reads: `0001-mx.gmail.example.txt`, and its
 * messages beside it: `0001-mx.gmail.example-1.eml`.
 */
export class DialogueSaver implements DialogueListener {
  readonly #folder: string;
  readonly #open = new Set<HostDialogue>();
  #writing: Promise<unknown> = Promise.resolve();
  #trouble: Error | undefined;

  constructor(folder: string) {
    this.#folder = folder;
  }

  opened(dialogue: HostDialogue): void {
    this.#open.add(dialogue);
  }

  closed(dialogue: HostDialogue): void {
    this.#open.delete(dialogue);
    this.#save(dialogue);
  }

  /** Writes those that still last, too. Rejects with what kept a file from being written. */
  async close(): Promise<void> {
    for (const dialogue of this.#open) this.#save(dialogue);
    await this.#writing;
    if (this.#trouble)
      throw new Error(`transcripts cannot be written to ${this.#folder}: ${this.#trouble.message}`, {
        cause: this.#trouble,
      });
  }

  #save(dialogue: HostDialogue): void {
    const { id, label, provider, client, events, messages } = dialogue;
    const name = `${String(id).padStart(4, '0')}-${plainName(label)}`;
    const began = new Date(events[0]?.at ?? 0).toISOString();
    const head = `| ${escapeControls(`${label} (${provider}), client ${client}, ${began}`)}`;
    const files: [string, string | Buffer][] = [
      [`${name}.txt`, `${head}\n${printDialogue(events)}\n`],
      ...messages.map(({ content }, i): [string, Buffer] => [`${name}-${i + 1}.eml`, content]),
    ];
    this.#writing = this.#writing
      .then(() => Promise.all(files.map(([file, content]) => writeFile(join(this.#folder, file), content))))
      .catch((error: Error) => {
        this.#trouble ??= error;
      });
  }
}

/** Names of hosts come from a file; nothing in them may lead out of the folder. */
function plainName(label: string): string {
  return label
    .replace(/[^\w.-]+/g, '-')
    .replace(/^\.+/, '')
    .slice(0, 100);
}
