import type { Capabilities } from '../smtp/capabilities.ts';
import { classOf, type Reply } from '../smtp/reply.ts';
import type { ReplyLimits } from '../smtp/reply-parser.ts';
import { stageFacts } from '../smtp/stage.ts';
import { holding } from '../time/clock.ts';
import { minutes } from '../time/duration.ts';
import type { Answer, Ending } from '../transcript/ending.ts';
import type { TlsFacts, Transcript } from '../transcript/transcript.ts';
import type { Command } from './command.ts';
import * as commands from './command.ts';
import { Conversation, type Patience } from './conversation.ts';
import * as envelope from './envelope.ts';
import type { Environment } from './environment.ts';
import { logIn } from './login.ts';
import type { MailParameters, RcptParameters } from './parameters.ts';
import { reach } from './reach.ts';
import { Recorder } from './recorder.ts';
import { bestMechanism, type Credentials, type Mechanism, saslClient } from './sasl.ts';
import { Standing } from './standing.ts';
import type { TlsPolicy } from './tls-handshake.ts';
import { type Got, type Objection, withhold } from './withheld.ts';

export interface SessionOptions {
  /** The host's name, for transcripts and for its certificate. */
  readonly host: string;
  readonly address: string;
  readonly port: number;
  /** Our own address. */
  readonly from?: string;
  /** TLS before the greeting. RFC 8314 3.3 */
  readonly tls?: 'implicit';
  /** Bytes to send before the greeting has come, as no client should (rule REP-06). */
  readonly early?: Buffer;
  /** The name to ask for and to check under TLS, where it is not `host`. */
  readonly servername?: string;
  /** Fail when the certificate does not prove the name. Otherwise that is only recorded. */
  readonly verifyTls?: boolean;
  /** Certificate authorities in PEM to trust instead of the well-known ones. */
  readonly ca?: string | readonly string[];
  readonly patience?: Patience;
  readonly limits?: ReplyLimits;
  /** Told of every reply and of what came in place of one, as they come. */
  readonly answered?: (answer: Answer) => void;
}

/** What may be said about any one command. */
export interface CommandOptions {
  /** Sends it even where the rules forbid it as things stand. */
  readonly force?: boolean;
  /** How long to wait for each reply, in ms. */
  readonly patience?: number;
}

export interface AuthOptions extends Credentials, CommandOptions {
  /** Left out, the best of those offered. */
  readonly mechanism?: Mechanism;
}

/** How long `next` waits when nothing else is said, in ms. */
const listenPatience = minutes(5);

/**
 * One SMTP session with one host. Every command resolves to what it got: a reply, the way the connection ended, or that
 * it was withheld because a rule forbids it as things stand. Methods reject with a TypeError, before a byte is sent, on
 * values that do not fit the grammar; only `send` lets them through. One command at a time, or a `pipeline`.
 */
export class Session {
  readonly #conversation: Conversation;
  readonly #standing = new Standing();
  readonly #tlsPolicy: TlsPolicy;
  readonly #environment: Environment;
  readonly #answered: SessionOptions['answered'];
  #tls: TlsFacts | undefined;

  private constructor(environment: Environment, options: SessionOptions) {
    const { patience, limits } = options;
    this.#environment = environment;
    this.#answered = options.answered;
    this.#conversation = new Conversation(new Recorder(options.host, options.from), environment.clock, {
      ...(patience ? { patience } : {}),
      ...(limits ? { limits } : {}),
      follow: (command, reply) => this.#standing.follow(command, reply),
    });
    this.#tlsPolicy = {
      name: options.servername ?? options.host.replace(/^\[(?:IPv6:)?(.*)\]$/i, '$1'), // an address literal
      verify: options.verifyTls ?? false,
      ...(options.ca === undefined ? {} : { ca: options.ca }),
    };
  }

  /** Connects and waits for the greeting. The session is there even when that went wrong; then it is over. */
  static async open(
    environment: Environment,
    options: SessionOptions,
  ): Promise<{ session: Session; greeting: Answer }> {
    const { from, address, port, patience } = options;
    const session = new Session(environment, options);
    const conversation = session.#conversation;
    const since = environment.clock.now();
    const to = { address, port, ...(from === undefined ? {} : { from }) };
    // Before the dial: a socket that stands must be heard at once, and nothing on it may be read in clear.
    const policy = options.tls === 'implicit' ? await session.#policy() : undefined;
    const reached = await reach(environment, to, patience?.connect ?? stageFacts.connect.patience);
    if ('kind' in reached) return { session, greeting: conversation.neverBegan(reached, to, since) };
    conversation.begin(reached, to);
    if (policy) {
      const secured = await session.#secure(undefined, policy);
      if (secured) return { session, greeting: secured };
    }
    const [greeting] = await conversation.greeting(options.early && commands.raw(options.early, 0));
    session.#answered?.(greeting as Answer);
    return { session, greeting: greeting as Answer };
  }

  /** All that has happened so far; grows. */
  get transcript(): Transcript {
    return this.#conversation.recorder;
  }

  /** How the connection broke off. Stays undefined when we hung up. */
  get ended(): Ending | undefined {
    return this.#conversation.ended;
  }

  get tls(): TlsFacts | undefined {
    return this.#tls;
  }

  /** What the latest EHLO reply offers. */
  get capabilities(): Capabilities {
    return this.#standing.capabilities;
  }

  async ehlo(name: string, options?: CommandOptions): Promise<Got> {
    return this.#ask(commands.ehlo(name), options);
  }

  async helo(name: string, options?: CommandOptions): Promise<Got> {
    return this.#ask(commands.helo(name), options);
  }

  /** EHLO, and HELO where the host does not know EHLO (rule SES-01). */
  async hello(name: string, options?: CommandOptions): Promise<Got> {
    const got = await this.ehlo(name, options);
    return got.kind === 'reply' && !got.unsolicited && knowsNoEhlo(got.reply)
      ? this.helo(name, options)
      : got;
  }

  /** STARTTLS and, on 220, the handshake. A failed handshake ends the session (rule TLS-07). */
  async starttls(options?: CommandOptions): Promise<Got> {
    const [got] = await this.pipeline([commands.starttls], options);
    return got as Got;
  }

  async auth({ mechanism, force, patience, ...credentials }: AuthOptions): Promise<Got> {
    const options = { force: force ?? false, ...(patience === undefined ? {} : { patience }) };
    const offered = this.capabilities.get('AUTH') ?? [];
    const tls = this.#tls !== undefined;
    const known = mechanism === undefined || offered.some((name) => name.toUpperCase() === mechanism);
    const chosen = mechanism ?? bestMechanism(offered, credentials, tls);
    if (chosen === undefined || (!known && !force)) {
      const why = `the host offers ${offered.join(', ') || 'no way to log in'}`;
      return withhold({ stage: 'auth', line: `AUTH${chosen ? ` ${chosen}` : ''}` }, { rule: 'AUT-01', why });
    }
    const client = saslClient(chosen, credentials);
    this.#conversation.recorder.keepSecret(client.secrets);
    return logIn(client, (command) => this.#ask(command, options));
  }

  /** An empty address is the null reverse-path. */
  async mail(address: string, parameters?: MailParameters, options?: CommandOptions): Promise<Got> {
    return this.#ask(envelope.mail(address, parameters), options);
  }

  async rcpt(address: string, parameters?: RcptParameters, options?: CommandOptions): Promise<Got> {
    return this.#ask(envelope.rcpt(address, parameters), options);
  }

  /** The bare DATA; on 354 the message is due. */
  async data(options?: CommandOptions): Promise<Got> {
    return this.#ask(commands.data, options);
  }

  /**
   * The message, after 354. Line ends become CRLF, dots are stuffed, the final dot is added. An empty one is the lone dot
   * that calls a transaction off (rule SES-09).
   */
  async message(content: string | Buffer, options?: CommandOptions): Promise<Got> {
    return this.#ask(commands.message(content), options);
  }

  /** A chunk of the message, as it is. RFC 3030 2 */
  async bdat(
    chunk: string | Buffer,
    { last = false, ...options }: CommandOptions & { readonly last?: boolean } = {},
  ): Promise<Got> {
    return this.#ask(commands.bdat(Buffer.from(chunk), last), options);
  }

  async rset(options?: CommandOptions): Promise<Got> {
    return this.#ask(commands.rset, options);
  }

  async noop(argument?: string, options?: CommandOptions): Promise<Got> {
    return this.#ask(commands.noop(argument), options);
  }

  async vrfy(argument: string, options?: CommandOptions): Promise<Got> {
    return this.#ask(commands.vrfy(argument), options);
  }

  async expn(argument: string, options?: CommandOptions): Promise<Got> {
    return this.#ask(commands.expn(argument), options);
  }

  async help(argument?: string, options?: CommandOptions): Promise<Got> {
    return this.#ask(commands.help(argument), options);
  }

  /** Says goodbye. The host is to hang up then; `disconnect` sees to our side. */
  async quit(options?: CommandOptions): Promise<Got> {
    return this.#ask(commands.quit, options);
  }

  /** Bytes as they are, CR and LF included. Resolves to as many answers as replies are expected. */
  async send(
    raw: Buffer | string,
    { expectReplies = 1, ...options }: CommandOptions & { readonly expectReplies?: number } = {},
  ): Promise<readonly Got[]> {
    return this.#exchange([commands.raw(Buffer.from(raw), expectReplies)], options);
  }

  /** Several commands in one write, each with its own answer. Withheld as a whole where one of them may not stand. */
  async pipeline(group: readonly Command[], options?: CommandOptions): Promise<readonly Got[]> {
    if (group.at(-1) !== commands.starttls) return this.#exchange(group, options);
    const policy = await this.#policy(); // before the 220: behind it, everything is to be TLS
    const answers = await this.#exchange(group, options);
    return [...answers.slice(0, -1), await this.#upgrade(answers.at(-1) as Got, policy, options?.patience)];
  }

  /**
   * What comes unasked: a reply, or the other side hanging up. When nothing does within `patience` ms the answer is
   * `timed-out`, and the session still goes on.
   */
  async next({ patience = listenPatience }: { readonly patience?: number } = {}): Promise<Answer> {
    return this.#conversation.listen(patience);
  }

  /**
   * Hangs up: by FIN, with the host going first after QUIT, or by RST. Does nothing when the session is over. Waits until
   * the host has hung up in its turn, unless told not to.
   */
  async disconnect(
    how: 'close' | 'reset' = 'close',
    { wait = true }: { readonly wait?: boolean } = {},
  ): Promise<void> {
    await this.#conversation.hangUp(how, { hostFirst: this.#standing.left, wait });
  }

  #ask(command: Command, options?: CommandOptions): Promise<Got> {
    return this.#exchange([command], options).then(([got]) => got as Got);
  }

  #exchange(
    group: readonly Command[],
    { force = false, patience }: CommandOptions = {},
  ): Promise<readonly Got[]> {
    const objection = this.#objectionTo(group, force);
    if (objection) return Promise.resolve(group.map((command) => withhold(command, objection)));
    return this.#conversation.ask(group, patience).then((answers) => {
      if (this.#answered) answers.forEach(this.#answered);
      return answers;
    });
  }

  #objectionTo(group: readonly Command[], force: boolean): Objection | undefined {
    if (this.#conversation.hungUp) return { rule: 'SES-12', why: 'we have hung up' };
    if (force || this.ended) return undefined;
    return this.#standing.objectionTo(group);
  }

  async #upgrade(got: Got, policy: TlsPolicy, patience: number | undefined): Promise<Got> {
    if (got.kind !== 'reply' || got.unsolicited || classOf(got.reply) !== 2) return got;
    if (this.#tls) return got; // never twice: rule TLS-04
    return (await this.#secure(commands.starttls, policy, patience)) ?? got;
  }

  async #policy(): Promise<TlsPolicy> {
    const { authorities, clock } = this.#environment;
    if (!authorities || this.#tlsPolicy.ca !== undefined) return this.#tlsPolicy;
    return { ...this.#tlsPolicy, ca: await holding(clock, authorities) };
  }

  /** Undefined when all went well. */
  async #secure(
    command: Command | undefined,
    policy: TlsPolicy,
    patience?: number,
  ): Promise<Ending | undefined> {
    const secured = await this.#conversation.secure(policy, command, patience);
    if ('kind' in secured) return secured;
    this.#tls = secured;
    this.#standing.secured();
    return undefined;
  }
}

/** 500 or 502, or what else says "I do not know that" rather than "not you". RFC 5321 3.2 */
function knowsNoEhlo({ code, enhanced }: Reply): boolean {
  return code >= 500 && ![521, 530, 535, 550, 553, 554].includes(code) && !enhanced?.startsWith('5.7.');
}
