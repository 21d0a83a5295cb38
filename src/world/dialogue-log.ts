import type { DialogueListener, HostDialogue, ReceivedMessage } from '../sim/host-dialogue.ts';
import type { TranscriptEvent } from '../transcript/transcript.ts';

/** So many dialogues that have ended are kept; the oldest make way. */
const mostEnded = 1_000;
/** All that is kept together weighs at most so many bytes, by estimate. */
const heaviest = 64 * 1024 * 1024;
/** What an event takes besides its lines, in bytes. */
const eventWeight = 200;

interface Kept {
  weight: number;
  readonly forget: () => void;
}

/** Keeps the dialogues of a lab and tells those who wait for them. */
export class DialogueLog implements DialogueListener {
  readonly #kept = new Map<HostDialogue, Kept>();
  /** In the order in which they ended. */
  readonly #ended = new Set<HostDialogue>();
  /** They lasted when all was forgotten, and are not counted when they end. */
  #stale = new WeakSet<HostDialogue>();
  readonly #listeners = new Set<DialogueListener>();
  #count = 0;
  #weight = 0;

  /** Those kept, in the order in which they began, the ones that still last among them. */
  get dialogues(): readonly HostDialogue[] {
    return [...this.#kept.keys()];
  }

  /** How many have ended since the start or the last `clear`, those no longer kept among them. */
  get ended(): number {
    return this.#count;
  }

  /** Returns how to stop listening. */
  listen(listener: DialogueListener): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** Forgets all of them. Those that still last are not counted when they end. */
  clear(): void {
    for (const dialogue of this.#kept.keys()) this.#stale.add(dialogue);
    this.#kept.clear();
    this.#ended.clear();
    this.#weight = 0;
    this.#count = 0;
  }

  opened(dialogue: HostDialogue, forget: () => void): void {
    this.#kept.set(dialogue, { weight: 0, forget });
    for (const listener of this.#listeners) listener.opened?.(dialogue, forget);
  }

  said(dialogue: HostDialogue, event: TranscriptEvent): void {
    this.#weigh(dialogue, eventWeight + ('lines' in event ? lengthOf(event.lines) : 0));
    for (const listener of this.#listeners) listener.said?.(dialogue, event);
  }

  received(dialogue: HostDialogue, message: ReceivedMessage): void {
    this.#weigh(dialogue, message.content.length);
    for (const listener of this.#listeners) listener.received?.(dialogue, message);
  }

  closed(dialogue: HostDialogue): void {
    if (this.#kept.has(dialogue)) this.#ended.add(dialogue);
    if (!this.#stale.has(dialogue)) this.#count++;
    if (this.#ended.size > mostEnded) this.#dropOldest();
    for (const listener of this.#listeners) listener.closed?.(dialogue);
  }

  #weigh(dialogue: HostDialogue, bytes: number): void {
    const kept = this.#kept.get(dialogue);
    if (!kept) return;
    kept.weight += bytes;
    this.#weight += bytes;
    while (this.#weight > heaviest && this.#kept.size > 0) this.#dropOldest();
  }

  /** The one that ended longest ago; where none has, the one that began first. */
  #dropOldest(): void {
    const [oldest] = this.#ended.size > 0 ? this.#ended : this.#kept.keys();
    if (oldest) this.#drop(oldest);
  }

  #drop(dialogue: HostDialogue): void {
    const kept = this.#kept.get(dialogue);
    this.#kept.delete(dialogue);
    this.#ended.delete(dialogue);
    this.#weight -= kept?.weight ?? 0;
    if (!dialogue.end) kept?.forget();
  }
}

function lengthOf(lines: readonly string[]): number {
  let length = 0;
  for (const line of lines) length += line.length;
  return length;
}
