import type { Knowledge } from '../knowledge/knowledge.ts';
import type { Session } from '../probe/session.ts';
import type { Got } from '../probe/withheld.ts';
import { Followed } from '../report/followed.ts';
import type { Palette } from '../report/palette.ts';
import { renderEntry } from '../report/terminal/entry.ts';
import { Explainer } from '../report/terminal/explainer.ts';
import { Layout } from '../report/terminal/layout.ts';

/** What the person is expected to type. */
export type Awaited = 'command' | 'message' | 'password';

export interface TalkOptions {
  readonly write: (text: string) => void;
  readonly knowledge: Knowledge;
  readonly palette: Palette;
  readonly columns: number;
  readonly host: string;
  /** The profile that a simulated host follows. */
  readonly provider?: string;
  /** Messages are not sent to this host: why, as a sentence. */
  readonly withholdMessages?: string;
}

/** How long to look whether a host hangs up behind a refusal, in ms. */
const aftermath = 60;
/** Lines of a message that are kept while it is typed. */
const mostLines = 100_000;

/**
 * A session that somebody types: lines go out as they are, replies come back with their explanation. What needs more than a line is taken
 * care of: the handshake behind STARTTLS, the message behind 354 up to its lone dot, and a password that is nowhere shown.
 */
export class Talk {
  readonly #session: Session;
  readonly #options: TalkOptions;
  readonly #followed = new Followed();
  readonly #layout: Layout;
  readonly #explainer: Explainer;
  readonly #began: number;
  #shown = 0;
  #message: string[] | undefined;
  #login: { readonly user: string; readonly mechanism?: string } | undefined;
  #last: Got | undefined;

  constructor(session: Session, options: TalkOptions) {
    this.#session = session;
    this.#options = options;
    this.#layout = new Layout(options.columns, options.palette);
    this.#explainer = new Explainer(options.knowledge);
    this.#began = session.transcript.events[0]?.at ?? 0;
  }

  /** What the next line is taken for. */
  get awaits(): Awaited {
    if (this.#login) return 'password';
    return this.#message ? 'message' : 'command';
  }

  /** The session is over. */
  get over(): boolean {
    return this.#session.ended !== undefined || this.#left;
  }

  /** What the latest line got; undefined while a message or a password is typed. */
  get last(): Got | undefined {
    return this.#last;
  }

  get #left(): boolean {
    const { events } = this.#session.transcript;
    return events.some(({ kind }) => kind === 'left' || kind === 'hung-up');
  }

  /** Shows what has happened since the last time. */
  tell(): void {
    const { events } = this.#session.transcript;
    for (const event of events.slice(this.#shown)) {
      const { host, provider } = this.#options;
      const circumstances = {
        at: event.at - this.#began,
        host,
        provider,
        transcript: () => this.#session.transcript,
      };
      for (const entry of this.#followed.entriesOf(event, circumstances)) {
        if (entry.kind === 'lines' && entry.by === 'client') continue; // the person has just typed it
        this.#print([...renderEntry(entry, this.#layout), ...this.#explainer.below(entry, this.#layout)]);
      }
    }
    this.#shown = events.length;
  }

  /** Takes a line that was typed, and shows what comes back. */
  async hear(line: string): Promise<void> {
    this.#last = undefined;
    if (this.#login) this.#last = await this.#logIn(line);
    else if (this.#message) this.#last = await this.#writeOn(line);
    else this.#last = await this.#say(line);
    if (this.#last?.kind === 'reply' && this.#last.reply.code >= 400 && !this.over)
      await this.#session.next({ patience: aftermath }); // many refuse and hang up
    this.tell();
    if (this.#last?.kind === 'withheld') this.note(`Not sent: ${this.#last.why}.`);
  }

  /** Hangs up, with QUIT where the host still listens. */
  async leave(): Promise<void> {
    if (this.#session.ended === undefined && !this.#left && !this.#message) await this.#session.quit();
    await this.#session.disconnect('close');
    this.tell();
  }

  note(text: string): void {
    const { palette } = this.#options;
    this.#print(this.#layout.aside(text, palette.note));
  }

  async #say(line: string): Promise<Got | undefined> {
    const [, verb = '', rest = ''] = /^\s*(\S*)\s*(.*?)\s*$/s.exec(line) ?? [];
    switch (verb.toUpperCase()) {
      case 'STARTTLS':
        return rest === '' ? this.#session.starttls({ force: true }) : this.#raw(line);
      case 'EHLO':
      case 'HELO':
        return this.#hello(verb.toUpperCase(), rest, line);
      case 'AUTH':
        return this.#beginLogin(rest, line);
      case 'DATA':
        return rest === '' ? this.#beginMessage() : this.#raw(line);
      case 'QUIT':
        return this.#quit(rest, line);
      default:
        return this.#raw(line);
    }
  }

  /** Through the session, so that it learns what the host offers; a name that fits no grammar goes out as it is. */
  async #hello(verb: string, name: string, line: string): Promise<Got | undefined> {
    try {
      return await (verb === 'EHLO'
        ? this.#session.ehlo(name, { force: true })
        : this.#session.helo(name, { force: true }));
    } catch (error) {
      if (error instanceof TypeError) return this.#raw(line);
      throw error;
    }
  }

  async #raw(line: string): Promise<Got | undefined> {
    const [got] = await this.#session.send(Buffer.from(`${line}\r\n`), { force: true });
    return got;
  }

  async #quit(rest: string, line: string): Promise<Got | undefined> {
    if (rest !== '') return this.#raw(line);
    const got = await this.#session.quit({ force: true });
    await this.#session.disconnect('close');
    return got;
  }

  async #beginMessage(): Promise<Got | undefined> {
    const { withholdMessages } = this.#options;
    if (withholdMessages !== undefined) {
      this.note(withholdMessages);
      return undefined;
    }
    const got = await this.#session.data({ force: true });
    if (got.kind === 'reply' && got.reply.code === 354) this.#message = [];
    return got;
  }

  /** The lone dot ends a message; other dots at the start of a line are doubled for the person. RFC 5321 4.5.2 */
  async #writeOn(line: string): Promise<Got | undefined> {
    const message = this.#message ?? [];
    if (line !== '.') {
      if (message.length < mostLines) message.push(line);
      return undefined;
    }
    this.#message = undefined;
    return this.#session.message(message.length === 0 ? '\r\n' : `${message.join('\r\n')}\r\n`, {
      force: true,
    });
  }

  /** `AUTH user`, `AUTH LOGIN user`, or `AUTH PLAIN <initial response>`. The password is asked for, and shown nowhere. */
  async #beginLogin(rest: string, line: string): Promise<Got | undefined> {
    const [first = '', second] = rest.split(/\s+/);
    const mechanism = /^(?:PLAIN|LOGIN|CRAM-MD5)$/i.test(first) ? first.toUpperCase() : undefined;
    const given = mechanism === undefined ? first : second;
    const plain = mechanism === 'PLAIN' && second !== undefined ? readPlain(second) : undefined;
    if (plain) return this.#session.auth({ ...plain, mechanism: 'PLAIN', force: true });
    if (given === undefined || given === '') {
      this.note(
        'Type AUTH and a user name, such as AUTH LOGIN ada; the password is asked for and not shown.',
      );
      return rest === '' ? undefined : this.#raw(line);
    }
    this.#login = { user: given, ...(mechanism === undefined ? {} : { mechanism }) };
    return undefined;
  }

  async #logIn(password: string): Promise<Got | undefined> {
    const login = this.#login;
    this.#login = undefined;
    if (!login) return undefined;
    const mechanism = login.mechanism as 'PLAIN' | 'LOGIN' | 'CRAM-MD5' | undefined;
    return this.#session.auth({
      user: login.user,
      password,
      ...(mechanism ? { mechanism, force: true } : {}),
    });
  }

  #print(lines: readonly string[]): void {
    if (lines.length > 0) this.#options.write(`${lines.join('\n')}\n`);
  }
}

/** `\0user\0password` in base64. RFC 4616 2 */
function readPlain(text: string): { readonly user: string; readonly password: string } | undefined {
  const [, user, password] = Buffer.from(text, 'base64').toString('utf8').split('\0');
  return user && password !== undefined ? { user, password } : undefined;
}
