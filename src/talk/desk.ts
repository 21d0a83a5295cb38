import type { SimulatedPartner } from './simulated-partner.ts';
import type { Talk } from './talk.ts';
import type { TalkView } from './talk-view.ts';

/** What commands of ours work on. */
export interface Desk {
  readonly talk: Talk;
  readonly view: TalkView;
  /** The host is a simulated one. */
  readonly simulated?: SimulatedPartner;
  /** Writes the dialogue so far into a file, and says how that went. */
  readonly save?: (file: string) => string;
}

/** A command that is no SMTP. What it comes to is passed over, but for `done`, which ends the conversation. */
export interface OwnCommand {
  readonly name: string;
  /** What it takes, for the help; nothing where that is empty. */
  readonly takes: string;
  readonly about: string;
  readonly run: (argument: string, desk: Desk) => unknown;
}
