import type { DialogueListener, HostDialogue } from '../sim/host-dialogue.ts';
import type { TranscriptEvent } from '../transcript/transcript.ts';

/** So many dialogues are kept; the oldest make way. */
const mostDialogues = 1_000;

/** Keeps the dialogues of a lab and tells those who wait for them. */
export class DialogueLog implements DialogueListener {
  readonly #dialogues: HostDialogue[] = [];
  readonly #listeners = new Set<DialogueListener>();
  #closed = 0;

  /** Those kept, oldest first, the ones that still last among them. */
  get dialogues(): readonly HostDialogue[] {
    return this.#dialogues;
  }

  /** How many have ended since the start or the last `clear`, those no longer kept among them. */
  get ended(): number {
    return this.#closed;
  }

  /** Returns how to stop listening. */
  listen(listener: DialogueListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  clear(): void {
    this.#dialogues.length = 0;
    this.#closed = 0;
  }

  opened(dialogue: HostDialogue): void {
    this.#dialogues.push(dialogue);
    if (this.#dialogues.length > mostDialogues) this.#dialogues.shift();
    for (const listener of this.#listeners) listener.opened?.(dialogue);
  }

  said(dialogue: HostDialogue, event: TranscriptEvent): void {
    for (const listener of this.#listeners) listener.said?.(dialogue, event);
  }

  closed(dialogue: HostDialogue): void {
    this.#closed++;
    for (const listener of this.#listeners) listener.closed?.(dialogue);
  }
}
