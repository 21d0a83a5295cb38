import { minutes, seconds } from '../time/duration.ts';

/** What varies by stage, in one place. */
interface StageFacts {
  /** What a failure is "in reply to". */
  readonly said: string;
  /** What the client was doing, for "timed out while ...". */
  readonly doing: string;
  /** How long a client waits for the reply, in ms. */
  readonly patience: number;
}

/**
 * Where in the dialogue we are. `command` covers what has no place of its own: RSET, NOOP, VRFY, EXPN, HELP
 * and raw bytes. Patience: RFC 5321 4.5.3.2, which is silent about connect, EHLO, STARTTLS, AUTH and QUIT;
 * those follow common practice (rule TMO-01).
 */
export const stageFacts = {
  connect: { said: 'our connection', doing: 'connecting', patience: seconds(30) },
  greeting: { said: 'our connection', doing: 'waiting for the greeting', patience: minutes(5) }, // RFC 5321 4.5.3.2.1
  ehlo: { said: 'EHLO', doing: 'introducing ourselves', patience: minutes(5) },
  starttls: { said: 'STARTTLS', doing: 'starting TLS', patience: minutes(2) },
  auth: { said: 'AUTH', doing: 'logging in', patience: minutes(2) },
  mail: { said: 'MAIL FROM', doing: 'naming the sender', patience: minutes(5) }, // RFC 5321 4.5.3.2.2
  rcpt: { said: 'RCPT TO', doing: 'naming a recipient', patience: minutes(5) }, // RFC 5321 4.5.3.2.3
  data: { said: 'DATA', doing: 'asking to send the message', patience: minutes(2) }, // RFC 5321 4.5.3.2.4
  message: { said: 'the message', doing: 'waiting for the final reply', patience: minutes(10) }, // RFC 5321 4.5.3.2.6
  command: { said: 'a command', doing: 'waiting for a reply', patience: minutes(5) },
  quit: { said: 'QUIT', doing: 'saying goodbye', patience: minutes(5) },
} as const satisfies Record<string, StageFacts>;

export type Stage = keyof typeof stageFacts;

export const stages = Object.keys(stageFacts) as readonly Stage[];
