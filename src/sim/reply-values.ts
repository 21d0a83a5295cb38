import type { Random } from '../chance/seeded-random.ts';
import type { Clock } from '../time/clock.ts';
import type { Command } from './protocol.ts';
import type { SessionState } from './session-state.ts';
import { randomText, type Template, type Values } from './template.ts';

/** What a reply answers, for placeholders that quote it. */
export interface ReplySubject {
  readonly command: Pick<Command, 'verb' | 'argument' | 'address' | 'parameter'>;
  readonly messageBytes: number;
  readonly message?: Buffer | undefined;
}

export const noSubject: ReplySubject = {
  command: { verb: '', argument: '', address: '', parameter: '' },
  messageBytes: 0,
};

/**
 * Fills placeholders. What a profile defines in `values` is worked out once for each session (Gmail repeats its id in
 * every reply); random texts such as `{hex:16}` are drawn anew each time.
 */
export class ReplyValues {
  readonly #session: SessionState;
  readonly #host: string;
  readonly #profile: ReadonlyMap<string, Template>;
  readonly #clock: Clock;
  readonly #random: Random;
  readonly #known = new Map<string, string>();
  subject: ReplySubject = noSubject;

  constructor(
    session: SessionState,
    host: string,
    profile: ReadonlyMap<string, Template>,
    clock: Clock,
    random: Random,
  ) {
    this.#session = session;
    this.#host = host;
    this.#profile = profile;
    this.#clock = clock;
    this.#random = random;
  }

  readonly get: Values = (name) => {
    const known = this.#known.get(name);
    if (known !== undefined) return known;
    const defined = this.#profile.get(name);
    if (defined === undefined) return this.#current(name) ?? randomText(name, this.#random);
    this.#known.set(name, ''); // a value that names itself comes out empty instead of for ever
    const value = defined.fill(this.get);
    this.#known.set(name, value);
    return value;
  };

  #current(name: string): string | undefined {
    const { command, message, messageBytes } = this.subject;
    const session = this.#session;
    switch (name) {
      case 'host':
        return this.#host;
      case 'ip':
        return session.client;
      case 'helo':
        return /^(?:EHLO|HELO)$/.test(command.verb) || session.helo === '' ? command.argument : session.helo;
      case 'user':
        return session.user ?? '';
      case 'sender':
        return session.sender ?? command.address;
      case 'sender-domain':
        return domainOf(session.sender ?? command.address);
      case 'recipient':
        return command.verb === 'RCPT' ? pathOf(command) : (session.recipients[0] ?? command.argument);
      case 'recipient-domain':
        return domainOf(command.verb === 'RCPT' ? command.address : (session.recipients[0] ?? ''));
      case 'login':
        return session.login ?? '';
      case 'argument':
      case 'parameter':
      case 'verb':
        return command[name];
      case 'command':
        return command.verb;
      case 'bytes':
        return `${messageBytes}`;
      case 'message-id':
        return messageIdIn(message) ?? `${randomText('hex:24', this.#random)}@${this.#host}`;
      case 'queue-id':
        return randomText('upper:10', this.#random);
      default:
        return this.#date(name);
    }
  }

  #date(name: string): string | undefined {
    const now = new Date(this.#clock.now());
    if (name === 'date') return now.toUTCString().replace('GMT', '+0000'); // RFC 5322 3.3
    if (name === 'time') return now.toISOString();
    if (name === 'american-date')
      return americanDate
        .format(now)
        .replace(' at ', ' ')
        .replace(/\u202f/g, ' ');
    return name === 'unixtime' ? `${Math.floor(now.getTime() / 1_000)}` : undefined;
  }
}

/** Such as `March 6, 2024 6:59:13 AM PST`. */
const americanDate = new Intl.DateTimeFormat('en-US', {
  dateStyle: 'long',
  timeStyle: 'long',
  timeZone: 'America/Los_Angeles',
});

/** The address of RCPT or, where it could not be made out, all that stood behind the colon. */
function pathOf({ address, argument }: ReplySubject['command']): string {
  return address || argument.replace(/^TO:\s*/i, '');
}

/** The Message-ID of a message's header, without brackets. RFC 5322 3.6.4 */
function messageIdIn(message: Buffer | undefined): string | undefined {
  const head = message?.toString('latin1', 0, 64 * 1024).split('\r\n\r\n')[0];
  return /^message-id:\s*<([^<>\s]{1,250})>/im.exec(head ?? '')?.[1];
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1);
}
