import type { HostDialogue } from '../../sim/host-dialogue.ts';
import { noticeable, tellsItsOwnTime } from '../../transcript/notation.ts';
import { noteOfPause } from '../../transcript/note.ts';
import type { TranscriptEvent } from '../../transcript/transcript.ts';
import type { DialogueEntry } from '../dialogue.ts';
import { Followed } from '../followed.ts';

/** A host's dialogue, whose events become entries. Times count from its first event. */
export class FollowedDialogue {
  readonly #dialogue: HostDialogue;
  readonly #followed = new Followed();
  #began: number | undefined;
  #age = 0;

  constructor(dialogue: HostDialogue) {
    this.#dialogue = dialogue;
  }

  /** ms from the first event to the last. */
  get age(): number {
    return this.#age;
  }

  /** An event as entries, with the pause before it where that is worth telling. */
  entriesOf(event: TranscriptEvent): DialogueEntry[] {
    this.#began ??= event.at;
    const at = Math.max(0, event.at - this.#began);
    const idle = tellsItsOwnTime(event) ? 0 : at - this.#age;
    this.#age = at;
    const { label, provider } = this.#dialogue;
    const entries = this.#followed.entriesOf(event, {
      at,
      host: label,
      provider,
      transcript: () => this.#dialogue,
    });
    return idle >= noticeable ? [{ kind: 'note', at, text: noteOfPause(idle) }, ...entries] : entries;
  }
}
