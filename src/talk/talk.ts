import type { Command } from '../probe/command.ts';
import type { Environment } from '../probe/environment.ts';
import type { Mechanism } from '../probe/sasl.ts';
import { Session, type SessionOptions } from '../probe/session.ts';
import type { Got } from '../probe/withheld.ts';
import type { SpokenReply } from '../report/dialogue.ts';
import { Followed } from '../report/followed.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { TalkView } from './talk-view.ts';
import type { Awaited } from './typed.ts';
import { bringsMessage, chunkSize, commandOf, endsGroup, isOwn, partsOf } from './typed-command.ts';
import { readLogin } from './typed-login.ts';
import { TypedText } from './typed-message.ts';
import { slipIn } from './typed-slip.ts';

/** Somebody to talk to. */
export interface Partner {
  readonly environment: Environment;
  readonly session: SessionOptions;
  /** The profile that a simulated host follows. */
  readonly provider?: string;
  /** Messages are not sent to this host: why, as a sentence. */
  readonly withholdMessages?: string;
}

/** What the next line belongs to. */
type Open =
  | { readonly kind: 'command' }
  | { readonly kind: 'group'; readonly lines: string[] }
  | { readonly kind: 'message'; readonly text: TypedText }
  | { readonly kind: 'chunk'; readonly line: string; readonly size: number; readonly text: TypedText }
  | { readonly kind: 'user'; readonly mechanism?: Mechanism }
  | { readonly kind: 'password'; readonly mechanism?: Mechanism; readonly user: string }
  | { readonly kind: 'response' };

/** How long to look whether a host hangs up behind a refusal, in ms. */
const aftermath = 60;

/**
 * Sessions that somebody types: lines go out as they are, replies come back with their explanation. What needs more than a line
 * is taken care of: the handshake behind STARTTLS, the message behind 354 up to its lone dot, a password that is nowhere shown.
 */
export class Talk {
  readonly #partner: Partner;
  readonly #view: TalkView;
  readonly #transcripts: Transcript[] = [];
  #session: Session | undefined;
  #followed = new Followed();
  #shown = 0;
  #open: Open = { kind: 'command' };
  #last: Got | undefined;
  #lastReply: SpokenReply | undefined;
  #toldOfDots = false;

  constructor(partner: Partner, view: TalkView) {
    this.#partner = partner;
    this.#view = view;
  }

  /** All connections so far, oldest first. */
  get transcripts(): readonly Transcript[] {
    return this.#transcripts;
  }

  /** What the next line is taken for. */
  get awaits(): Awaited {
    return this.#open.kind;
  }

  /** The line must not be shown. */
  get hidden(): boolean {
    return this.#open.kind === 'password' || this.#open.kind === 'response';
  }

  /** There is no connection, or no longer. */
  get over(): boolean {
    if (!this.#session || this.#session.ended !== undefined) return true;
    return this.#session.transcript.events.some(({ kind }) => kind === 'left' || kind === 'hung-up');
  }

  /** What the latest command got; undefined while a message or a password is typed. */
  get last(): Got | undefined {
    return this.#last;
  }

  forgetLast(): void {
    this.#last = undefined;
  }

  /** The latest reply, to be explained. */
  get lastReply(): SpokenReply | undefined {
    return this.#lastReply;
  }

  /** Keywords that the host has offered at EHLO. */
  get offers(): readonly string[] {
    return [...(this.#session?.capabilities.keys() ?? [])];
  }

  /** Something has happened that was not told yet. */
  get hasNews(): boolean {
    return (this.#session?.transcript.events.length ?? 0) > this.#shown;
  }

  /** Connects, anew where there was a connection, and shows the greeting. */
  async call(): Promise<void> {
    if (!this.over) await this.leave();
    this.#open = { kind: 'command' };
    this.#followed = new Followed();
    this.#shown = 0;
    const { session, greeting } = await Session.open(this.#partner.environment, this.#partner.session);
    this.#session = session;
    this.#transcripts.push(session.transcript);
    this.#last = greeting;
    this.tell();
  }

  /**
   * How many of these lines, which were pasted at once, may travel together: one, unless the host offers PIPELINING; then up to
   * one that must be the last of its group. RFC 2920 3.1
   */
  groupOf(lines: readonly string[]): number {
    if (this.#open.kind !== 'command' || !this.offers.includes('PIPELINING')) return 1;
    const stop = lines.findIndex((line) => endsGroup(line) || line.trim() === '' || isOwn(line));
    if (stop < 0) return lines.length;
    const line = lines[stop] ?? '';
    return Math.max(1, endsGroup(line) && !needsCare(line) ? stop + 1 : stop);
  }

  /** Takes a line that was typed, or several that travel together, and shows what comes back. */
  async hear(...lines: readonly string[]): Promise<void> {
    this.#last = undefined;
    if (this.over) {
      this.#view.note('Not sent: there is no connection any more. /connect calls again, /quit leaves.');
      return;
    }
    const { kind } = this.#open;
    const got = await this.#dealWith(lines);
    this.#last = got;
    if (got?.kind === 'reply' && got.reply.code >= 400) await this.#hark(aftermath); // many refuse and hang up
    this.tell({ own: kind === 'user' || kind === 'password' || kind === 'response' });
    if (got?.kind === 'withheld') this.#view.note(`Not sent: ${got.why}.`);
    if (got?.kind === 'reply' && got.unsolicited)
      this.#view.note('Not sent: the host had taken its leave before.');
    else if (kind === 'command' && lines.length === 1 && got?.kind === 'reply') {
      const slip = slipIn(lines[0] ?? '', got.reply);
      if (slip !== undefined) this.#view.note(`${slip}.`);
    }
  }

  /** From here on lines are gathered, until `sendGroup`. */
  beginGroup(): void {
    if (this.#open.kind === 'command') this.#open = { kind: 'group', lines: [] };
  }

  /** Sends what was gathered in one write, whatever the host has offered. */
  async sendGroup(): Promise<void> {
    if (this.#open.kind !== 'group') return;
    const { lines } = this.#open;
    this.#open = { kind: 'command' };
    if (lines.length > 0) await this.hear(...lines);
  }

  /** Shows what has happened since the last time; what we sent only `own` shows, since the person has just typed it. */
  tell({ own = false }: { readonly own?: boolean } = {}): void {
    const session = this.#session;
    if (!session) return;
    const { events } = session.transcript;
    const began = this.#transcripts[0]?.events[0]?.at ?? 0;
    const { session: options, provider } = this.#partner;
    for (const [i, event] of events.entries()) {
      if (i < this.#shown || (event.kind === 'ended' && events[i - 1]?.kind === 'hung-up')) continue;
      const circumstances = {
        at: event.at - began,
        host: options.host,
        provider,
        transcript: () => session.transcript,
        earlier: () => this.#transcripts.slice(0, -1),
      };
      for (const entry of this.#followed.entriesOf(event, circumstances)) {
        if (entry.kind === 'reply') this.#lastReply = entry;
        if (own || entry.kind !== 'lines' || entry.by !== 'client') this.#view.show(entry);
      }
    }
    this.#shown = events.length;
  }

  /** Waits for what the host does unasked, at most so many ms of the host's time, and shows it. */
  async listen(patience: number): Promise<void> {
    await this.#hark(patience);
    this.tell();
  }

  /** Hangs up: with QUIT where the host listens for commands, at once where it waits for a message. */
  async leave(): Promise<void> {
    const session = this.#session;
    if (!session || this.over) return;
    const { kind } = this.#open;
    this.#open = { kind: 'command' };
    if (kind !== 'message' && kind !== 'chunk' && kind !== 'response') await session.quit({ force: true });
    await session.disconnect('close');
    this.tell({ own: true });
  }

  /** Hangs up in the middle of whatever is under way. */
  async breakOff(): Promise<void> {
    await this.#session?.disconnect('close', { wait: false });
  }

  /** Behind a word that nobody asked for there is often an end. */
  async #hark(patience: number): Promise<void> {
    for (let heard = true; heard && !this.over; )
      heard = (await this.#session?.next({ patience }))?.kind === 'reply';
  }

  #dealWith(lines: readonly string[]): Promise<Got | undefined> | Got | undefined {
    const open = this.#open;
    const [line = ''] = lines;
    switch (open.kind) {
      case 'command':
        return lines.length > 1 ? this.#sendAll(lines) : this.#say(line);
      case 'group':
        return this.#gather(open.lines, line);
      case 'message':
        return this.#writeOn(open.text, line);
      case 'chunk':
        return this.#fill(open, line);
      case 'user':
        if (line.trim() === '') return this.#callOff();
        this.#open = { ...open, kind: 'password', user: line };
        return undefined;
      case 'password':
        return this.#logIn(open, line);
      case 'response':
        return this.#send([{ stage: 'auth', line, shown: line === '*' ? '*' : '****' }]);
      default:
        return open satisfies never;
    }
  }

  /** What must be the last of a group sends it. */
  async #gather(group: string[], line: string): Promise<Got | undefined> {
    if (needsCare(line)) {
      await this.sendGroup();
      return this.#say(line);
    }
    group.push(line);
    if (partsOf(line).verb !== 'DATA') return undefined;
    this.#open = { kind: 'command' };
    return this.#sendAll(group);
  }

  async #say(line: string): Promise<Got | undefined> {
    const { verb, rest } = partsOf(line);
    const { withholdMessages } = this.#partner;
    if (withholdMessages !== undefined && bringsMessage(line)) {
      this.#view.note(withholdMessages);
      return undefined;
    }
    if (verb === 'STARTTLS' && rest === '') return this.#session?.starttls({ force: true });
    if (verb === 'QUIT' && rest === '') return this.#quit(line);
    if (verb === 'AUTH') return this.#beginLogin(rest, line);
    const size = chunkSize(line);
    if (size === undefined) return this.#sendAll([line]);
    this.#open = { kind: 'chunk', line, size, text: new TypedText() };
    return size === 0 ? this.#fill(this.#open, undefined) : undefined;
  }

  /** One write; a message that is due afterwards is asked for. */
  async #sendAll(lines: readonly string[]): Promise<Got | undefined> {
    if (this.#partner.withholdMessages !== undefined && lines.some(bringsMessage)) {
      this.#view.note(this.#partner.withholdMessages);
      return undefined;
    }
    return this.#send(lines.map(commandOf));
  }

  async #send(commands: readonly Command[]): Promise<Got | undefined> {
    this.#open = { kind: 'command' };
    const got = (await this.#session?.pipeline(commands, { force: true }))?.at(-1);
    if (got?.kind === 'reply' && got.reply.code === 354)
      this.#open = { kind: 'message', text: new TypedText() };
    if (got?.kind === 'reply' && got.reply.code === 334) this.#open = { kind: 'response' };
    return got;
  }

  async #quit(line: string): Promise<Got | undefined> {
    const got = await this.#send([commandOf(line)]);
    await this.#session?.disconnect('close');
    return got;
  }

  /** The lone dot ends a message; other dots at the start of a line are doubled for the person. RFC 5321 4.5.2 */
  async #writeOn(text: TypedText, line: string): Promise<Got | undefined> {
    if (line === '.') {
      this.#open = { kind: 'command' };
      if (text.overflown) this.#view.note('The message was too long: its end is missing.');
      return this.#session?.message(text.text, { force: true });
    }
    if (line.startsWith('.') && !this.#toldOfDots) {
      this.#toldOfDots = true;
      this.#view.note(
        'A dot at the start of a line is doubled on its way, and the host takes it off again (RFC 5321 4.5.2).',
      );
    }
    text.add(line);
    return undefined;
  }

  /** A chunk is as long as its command says; what is typed beyond that is cut. RFC 3030 2 */
  async #fill(
    { line, size, text }: Extract<Open, { kind: 'chunk' }>,
    more: string | undefined,
  ): Promise<Got | undefined> {
    if (more !== undefined) text.add(more);
    if (text.octets < size && !text.overflown) return undefined;
    const octets = Buffer.from(size === 0 ? '' : text.text).subarray(0, size);
    if (text.octets > size)
      this.#view.note(`Cut to ${size} octets, as BDAT says; each line end counts as two.`);
    return this.#send([{ ...commandOf(line), octets }]);
  }

  #beginLogin(rest: string, line: string): Promise<Got | undefined> | undefined {
    const asked = readLogin(rest);
    if (asked.kind === 'other') return this.#send([{ stage: 'auth', line, shown: asked.shown }]);
    const { user, password } = asked;
    const mechanism = asked.mechanism === undefined ? {} : { mechanism: asked.mechanism };
    if (user === undefined) this.#open = { kind: 'user', ...mechanism };
    else if (password === undefined) this.#open = { kind: 'password', user, ...mechanism };
    else return this.#logIn({ user, ...mechanism }, password);
    return undefined;
  }

  async #logIn(
    { user, mechanism }: { readonly user: string; readonly mechanism?: Mechanism },
    password: string,
  ): Promise<Got | undefined> {
    this.#open = { kind: 'command' };
    try {
      return await this.#session?.auth({ user, password, ...(mechanism ? { mechanism, force: true } : {}) });
    } catch (error) {
      if (!(error instanceof TypeError)) throw error;
      this.#view.note(`Not sent: ${error.message}.`);
      return undefined;
    }
  }

  #callOff(): undefined {
    this.#open = { kind: 'command' };
    this.#view.note('Nothing was sent.');
    return undefined;
  }
}

/** Handled by itself, not as a member of a group. */
function needsCare(line: string): boolean {
  return ['STARTTLS', 'AUTH', 'BDAT', 'QUIT'].includes(partsOf(line).verb);
}
