import type { SessionFacts } from './exchange.ts';
import type { Command, ProtocolState } from './protocol.ts';

/** What a host knows of one session; the connection changes it as replies go out. */
export class SessionState implements SessionFacts, ProtocolState {
  readonly client: string;
  helo = '';
  extended = false;
  tls: boolean;
  user: string | undefined;
  /** The name given at the last login that failed. */
  login: string | undefined;
  sender: string | undefined;
  recipients: string[] = [];
  rcptCommandsInTransaction = 0;
  rcptCommands = 0;
  messages = 0;
  errors = 0;
  spokeEarly = false;
  chunking = false;
  body: string | undefined;
  smtpUtf8 = false;
  readonly #now: () => number;
  readonly #accepted: number;

  constructor(client: string, tls: boolean, now: () => number) {
    this.client = client;
    this.tls = tls;
    this.#now = now;
    this.#accepted = now();
  }

  get age(): number {
    return this.#now() - this.#accepted;
  }

  /** Takes notice of a command that was answered well. */
  follow(command: Command): void {
    switch (command.verb) {
      case 'EHLO':
      case 'HELO':
        return this.#hello(command);
      case 'MAIL':
        return this.#begin(command);
      case 'RCPT':
        return void this.recipients.push(command.address);
      case 'RSET':
        return this.endTransaction();
      case 'DATA':
      case 'BDAT':
        if (command.stage === 'message') this.#messageDone();
        else this.chunking = command.verb === 'BDAT';
    }
  }

  countRecipient(): void {
    this.rcptCommands++;
    if (this.sender !== undefined) this.rcptCommandsInTransaction++;
  }

  #hello({ verb, argument }: Command): void {
    this.helo = argument;
    this.extended = verb === 'EHLO';
    this.endTransaction(); // RFC 5321 4.1.4
  }

  #begin({ address, parameters }: Command): void {
    this.endTransaction(); // a host that takes a second MAIL starts over
    this.sender = address;
    this.body = parameters.get('BODY')?.toUpperCase();
    this.smtpUtf8 = parameters.has('SMTPUTF8');
  }

  endTransaction(): void {
    this.sender = undefined;
    this.recipients = [];
    this.rcptCommandsInTransaction = 0;
    this.chunking = false;
    this.body = undefined;
    this.smtpUtf8 = false;
  }

  #messageDone(): void {
    this.messages++;
    this.endTransaction();
  }

  /** The session starts over inside TLS. RFC 3207 4.2 */
  secure(): void {
    this.tls = true;
    this.helo = '';
    this.extended = false;
    this.user = undefined;
    this.endTransaction();
  }
}
