import type { Stage } from '../smtp/stage.ts';
import type { HostMemory } from './memory.ts';
import type { ProtocolFault } from './protocol.ts';

/** The stages at which a host is asked. */
export type HostStage = Exclude<Stage, 'connect'>;

/** What a host knows of a session so far. Behaviours read it; the connection keeps it. */
export interface SessionFacts {
  /** The address the client comes from, PROXY header included. */
  readonly client: string;
  /** What the client called itself; empty before EHLO or HELO, and again after STARTTLS. */
  readonly helo: string;
  readonly tls: boolean;
  /** The login name after AUTH. */
  readonly user: string | undefined;
  /** The sender of the transaction under way; `undefined` outside of one, empty for the null reverse-path. */
  readonly sender: string | undefined;
  /** Recipients accepted in this transaction. */
  readonly recipients: readonly string[];
  /** RCPT commands answered in this session, whatever the answer. */
  readonly rcptCommands: number;
  /** Messages accepted in this session. */
  readonly messages: number;
  /** Negative replies sent in this session. */
  readonly errors: number;
  /** The client sent something before the greeting was out. */
  readonly spokeEarly: boolean;
  /** ms since the connection was accepted. */
  readonly age: number;
}

/** One command (or the connection itself, or a finished message) that wants an answer. */
export interface Exchange {
  readonly stage: HostStage;
  /** In capitals; empty at `greeting`. */
  readonly verb: string;
  /** What stood behind the verb. */
  readonly argument: string;
  /** The address of MAIL or RCPT, without brackets and source route; empty elsewhere. */
  readonly address: string;
  /** The message, at stage `message`: as received, dots unstuffed; at most `messageBytesKept` of it. */
  readonly message: Buffer | undefined;
  /** Bytes of the message, all of them. */
  readonly messageBytes: number;
  /** Set when the command breaks the rules; the profile's words for it are the default answer. */
  readonly fault: ProtocolFault | undefined;
  /** More input has already arrived behind this command. */
  readonly inputWaiting: boolean;
  /** The command line ended with LF alone. RFC 5321 2.3.8 */
  readonly bareLineEnd: boolean;
  readonly session: SessionFacts;
  readonly memory: HostMemory;
  /** The state of a mailbox as the profile lists it: `exists`, `unknown`, or a state of its own. */
  readonly mailboxState: (address: string) => string;
  /** The clock's time, ms. */
  readonly now: number;
  random(): number;
  sleep(delay: number): Promise<void>;
  /** Writes a line ahead of the answer, such as the teaser of a greet delay. */
  say(line: string): void;
}
