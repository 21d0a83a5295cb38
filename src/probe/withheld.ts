import type { Stage } from '../smtp/stage.ts';
import type { Answer } from '../transcript/ending.ts';
import { type Command, shownLine } from './command.ts';

/** Why a command may not be sent: the rule it would break, and the words for it. */
export interface Objection {
  /** As in smtp-rules: `SYN-18`. */
  readonly rule: string;
  readonly why: string;
}

/**
 * A command that our client did not send because the rules forbid it as things stand, such as a parameter that the
 * host has not offered. Nobody's failure: no byte has travelled, and the session goes on.
 */
export interface Withheld extends Objection {
  readonly kind: 'withheld';
  readonly stage: Stage;
  /** Passwords blanked. */
  readonly command: string;
}

/** What became of one command. */
export type Got = Answer | Withheld;

export function withhold(command: Command, { rule, why }: Objection): Withheld {
  return { kind: 'withheld', stage: command.stage, command: shownLine(command), rule, why };
}
