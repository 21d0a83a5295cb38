import type { Stage } from '../smtp/stage.ts';
import type { Transcript, TranscriptEvent } from '../transcript/transcript.ts';

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
  /** FIN or RST. */
  readonly how: 'closed' | 'reset';
  /** A reply was due: the host never gave it, or the client did not wait for it. */
  readonly unanswered: boolean;
}

/** One connection as its host saw it. Events are told from the client's side, as in every transcript. */
export interface HostDialogue extends Transcript {
  /** Counts the dialogues of a lab from 1. */
  readonly id: number;
  /** The name the host has in its world; `host` is what it calls itself. */
  readonly label: string;
  readonly provider: string;
  /** The address the client came from. */
  readonly client: string;
  readonly messages: readonly ReceivedMessage[];
  /** The client spoke before the greeting had been sent. RFC 5321 3.1 */
  readonly spokeEarly?: true;
  /** Absent while it lasts. */
  readonly end?: DialogueEnd;
}

/** Hears what happens at a host. */
export interface DialogueListener {
  /** `forget` drops what has been written down so far and keeps the rest from being written; listeners still hear it. */
  opened?(dialogue: HostDialogue, forget: () => void): void;
  said?(dialogue: HostDialogue, event: TranscriptEvent): void;
  /** A message has been answered. */
  received?(dialogue: HostDialogue, message: ReceivedMessage): void;
  closed?(dialogue: HostDialogue): void;
}
