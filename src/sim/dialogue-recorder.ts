import type { Clock } from '../time/clock.ts';
import type { Ending } from '../transcript/ending.ts';
import type { TlsFacts, TranscriptEvent } from '../transcript/transcript.ts';
import type { SessionFacts } from './exchange.ts';
import type { DialogueEnd, DialogueListener, HostDialogue, ReceivedMessage } from './host-dialogue.ts';

/** Events of one dialogue that are kept; listeners hear the rest too. */
const mostEvents = 10_000;
/** Lines and octets of a message, and octets of any other line, that are kept. */
const keptLines = 5;
const keptOctets = 1_024;
/** Bytes of a reply that are waited for before they are written down. */
const longestReply = 64 * 1024;
/** Octets that an ending quotes, each way. */
const quoted = 80;

/** What a recorder needs of the host whose connection it writes down. */
export interface RecordedHost {
  readonly name: string;
  readonly label: string;
  readonly provider: string;
  readonly clock: Clock;
  /** Hears every dialogue; nothing is written down where nobody listens. */
  readonly listener: DialogueListener | undefined;
  readonly nextDialogueId: () => number;
}

/** An error of Node's, or what a host makes of a client's first bytes. */
type TlsMisfortune = Pick<NodeJS.ErrnoException, 'code'> & { readonly reason?: string };

/** What clients with the wrong idea of a port begin with. */
export const clientHello = { code: 'CLIENT_HELLO', reason: 'a TLS ClientHello on a plain port' } as const;
export const plainText = { code: 'PLAIN_TEXT', reason: 'plain text where TLS was to begin' } as const;
export const noClientHello = { code: 'NO_CLIENT_HELLO', reason: 'the client never began with TLS' } as const;

/** A handshake that the host breaks off, or answers with nonsense, in the words of the client that meets it. */
export const brokenOff = {
  close: { code: 'EOF', reason: 'the host closed the connection during the handshake' },
  reset: { code: 'ECONNRESET', reason: 'the host reset the connection during the handshake' },
  garbage: { code: 'ERR_SSL_WRONG_VERSION_NUMBER', reason: 'the host answered something that is not TLS' },
} as const;

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;

/** Writes down one connection for a host's listener. */
export class DialogueRecorder implements HostDialogue {
  readonly id: number;
  readonly host: string;
  readonly label: string;
  readonly provider: string;
  readonly client: string;
  readonly events: TranscriptEvent[] = [];
  readonly messages: ReceivedMessage[] = [];
  spokeEarly?: true;
  end?: DialogueEnd;
  #tls = false;
  /** A reply is due: to the connection itself, or to what the client said last. */
  #due = true;
  #forgotten = false;
  /** Bytes of a reply that is not out yet, as Latin-1. */
  #reply = '';
  #lastSent: string | undefined;
  #lastReceived = '';
  #command: string | undefined;
  #askedAt: number;
  #broken: Pick<Extract<Ending, { kind: 'tls-failed' }>, 'code' | 'why' | 'stage'> | undefined;
  readonly #listener: DialogueListener;
  readonly #clock: Clock;

  private constructor(host: RecordedHost, listener: DialogueListener, client: string) {
    this.id = host.nextDialogueId();
    this.host = host.name;
    this.label = host.label;
    this.provider = host.provider;
    this.client = client;
    this.#listener = listener;
    this.#clock = host.clock;
    this.#askedAt = host.clock.now();
    listener.opened?.(this, () => this.#forget());
  }

  /** Begins to write; nothing is written down where nobody listens. */
  static open(
    host: RecordedHost,
    client: string,
    { localAddress, localPort }: { readonly localAddress: string; readonly localPort: number },
  ): DialogueRecorder | undefined {
    if (!host.listener) return undefined;
    const recorder = new DialogueRecorder(host, host.listener, client);
    recorder.#write({
      at: host.clock.now(),
      tls: false,
      kind: 'connected',
      host: host.name,
      address: localAddress,
      port: localPort,
    });
    return recorder;
  }

  get from(): string {
    return this.client;
  }

  /** A line from the client without its end. What may be a password is left out. */
  heard(line: Buffer, secret: boolean): void {
    this.#broken = undefined; // whoever says more has got over it
    const said = line.toString('latin1');
    const shown = secret ? '****' : withoutPassword(said);
    this.#asked(shown);
    this.#command = shortened(shown);
    this.#write({
      at: this.#clock.now(),
      tls: this.#tls,
      kind: 'sent',
      lines: [this.#command],
      bytes: shown.length + 2,
    });
  }

  /** A message, or a chunk of one: its beginning, and how many bytes it had. With `dot` it came behind DATA. */
  heardData(kept: Buffer, bytes: number, dot: boolean): void {
    const octets = kept.toString('latin1', 0, keptOctets).replace(/\r\n$/, '').split('\r\n');
    const lines = octets.slice(0, keptLines);
    const whole = kept.length <= keptOctets && octets.length <= keptLines;
    this.#asked(lines.at(-1) ?? '');
    this.#write({
      at: this.#clock.now(),
      tls: this.#tls,
      kind: 'sent',
      lines: dot && whole ? [...lines, '.'] : lines,
      bytes: dot ? bytes + 3 : bytes,
    });
  }

  secured(facts: TlsFacts): void {
    this.#tls = true;
    this.#write({ at: this.#clock.now(), tls: this.#tls, kind: 'secured', facts });
  }

  /** The client broke off the handshake, or nobody understood it. The first thing that is told of it counts. */
  handshakeFailed({ code = 'ERR_TLS', reason = code }: TlsMisfortune, stage: 'connect' | 'starttls'): void {
    this.#broken ??= { code, why: reason, stage };
  }

  /** A message has been answered. */
  received(
    { sender = '', recipients }: Pick<SessionFacts, 'sender' | 'recipients'>,
    { message, messageBytes }: { readonly message?: Buffer | undefined; readonly messageBytes: number },
    accepted: boolean,
  ): void {
    if (!message) return;
    const content = Buffer.from(message); // a copy, as the message may be a small part of what it came in
    const received = { sender, recipients: [...recipients], content, bytes: messageBytes, accepted };
    if (!this.#forgotten) this.messages.push(received);
    this.#listener.received?.(this, received);
  }

  /** Bytes of the host. They are written down once they make a `whole` reply, whether that is said or seen. RFC 5321 4.2.1 */
  said(bytes: string | Buffer, reply?: 'whole'): void {
    this.#reply += octets(bytes);
    if (reply === 'whole') this.#writeReply(true);
    else if (this.#reply.length > longestReply || isWhole(this.#reply)) this.flush();
  }

  /** No more bytes will come of the reply under way. */
  flush(): void {
    if (this.#reply !== '') this.#writeReply(/(?:^|\n)\d{3}(?: [^\n]*)?\r?\n/.test(this.#reply));
  }

  #writeReply(answers: boolean): void {
    const text = this.#reply;
    this.#reply = '';
    const unsolicited = !this.#due;
    this.#due &&= !answers;
    this.#lastReceived = text;
    const event = {
      at: this.#clock.now(),
      tls: this.#tls,
      kind: 'received',
      lines: linesOf(text),
      bytes: text.length,
    } as const;
    this.#write(unsolicited ? { ...event, unsolicited: true } : event);
  }

  close(end: Omit<DialogueEnd, 'unanswered'>): void {
    if (this.end) return;
    this.flush();
    const unanswered = this.#due || end.at === 'message';
    this.end = { by: end.by, how: end.how, at: end.at, unanswered };
    if (this.#broken) this.#ended({ kind: 'tls-failed', ...this.#broken });
    else if (end.by === 'client') this.#write({ at: this.#clock.now(), tls: this.#tls, kind: 'hung-up' });
    else if (unanswered) this.#ended({ kind: 'disconnected', stage: end.at, how: end.how });
    else this.#write({ at: this.#clock.now(), tls: this.#tls, kind: 'left', how: end.how });
    this.#listener.closed?.(this);
  }

  #asked(line: string): void {
    this.flush();
    this.#due = true;
    this.#askedAt = this.#clock.now();
    this.#lastSent = line;
  }

  #ended(ending: Without<Ending, 'command' | 'lastSent' | 'lastReceived' | 'elapsed' | 'tls'>): void {
    this.#write({
      at: this.#clock.now(),
      tls: this.#tls,
      kind: 'ended',
      ending: {
        ...(this.#command === undefined ? {} : { command: this.#command }),
        ...ending,
        lastSent: this.#lastSent === undefined ? '' : `${this.#lastSent}\r\n`.slice(-quoted),
        lastReceived: this.#lastReceived.slice(-quoted),
        elapsed: this.#clock.now() - this.#askedAt,
        tls: this.#tls,
      } as Ending,
    });
  }

  #forget(): void {
    this.#forgotten = true;
    this.events.length = 0;
    this.messages.length = 0;
  }

  /** Takes events spelt out: to spread `at` and `tls` into one took 6 µs, more than all else that is written at a connection's start. */
  #write(event: TranscriptEvent): void {
    if (!this.#forgotten && this.events.length < mostEvents) this.events.push(event);
    this.#listener.said?.(this, event);
  }
}

/** A command line as it may be written down. RFC 4954 4 */
function withoutPassword(line: string): string {
  return line.replace(/^(AUTH\s+\S+\s+)\S.*$/i, '$1****');
}

/** Ends in the last line of a reply, that is. RFC 5321 4.2.1 */
function isWhole(reply: string): boolean {
  if (!reply.endsWith('\n')) return false;
  const last = reply.slice(reply.lastIndexOf('\n', reply.length - 2) + 1);
  return /^\d{3}[ \r\n]/.test(last);
}

function linesOf(text: string): string[] {
  if (text.indexOf('\n') === text.length - 1)
    return [shortened(text.slice(0, text.endsWith('\r\n') ? -2 : -1))];
  const lines: string[] = [];
  let from = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
    lines.push(shortened(text.slice(from, text[end - 1] === '\r' ? end - 1 : end)));
    from = end + 1;
  }
  if (from < text.length) lines.push(shortened(text.slice(from)));
  return lines;
}

function shortened(line: string): string {
  return line.length > keptOctets ? line.slice(0, keptOctets) : line;
}

/** Bytes as text, a character each. */
function octets(bytes: string | Buffer): string {
  if (typeof bytes !== 'string') return bytes.toString('latin1');
  return /^[\x00-\x7f]*$/.test(bytes) ? bytes : Buffer.from(bytes).toString('latin1');
}
