import type { Socket } from 'node:net';
import type { TLSSocket } from 'node:tls';
import type { SMTPServer } from 'smtp-server';
import SASL from 'smtp-server/lib/sasl.js';
import { SMTPConnection, type SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { SMTPStream } from 'smtp-server/lib/smtp-stream.js';
import { type AnsweredConnection, Answering } from './answering.ts';
import { ChunkIntake } from './chunk-intake.ts';
import { CommandStream } from './command-stream.ts';
import type { ConnectionHost } from './connection-host.ts';
import { clientHello, DialogueRecorder } from './dialogue-recorder.ts';
import type { DialogueEnd } from './host-dialogue.ts';
import type { HostSetup } from './host-setup.ts';
import { tlsFactsOf } from './host-tls.ts';
import { LimitAlarms } from './limit-alarms.ts';
import { collectMessage } from './message-intake.ts';
import { onceRead } from './once-read.ts';
import { type Command, readCommand } from './protocol.ts';
import { saslChallenge } from './sasl-challenge.ts';
import { SessionState } from './session-state.ts';
import { TlsTurn } from './tls-turn.ts';
import { aClientHello, greeting, nobody, overlong, theMessage } from './unspoken.ts';
import type { Wording } from './wording.ts';

/**
 * One connection of a simulated host. smtp-server keeps the socket, TLS, the PROXY header, SASL and message data;
 * which reply goes out, and what else happens, is decided by the host's behaviours. Together with `CommandStream` and
 * `SimulatedHost` this is all that knows smtp-server's insides; pinned by test/sim/seams.test.ts.
 */
export class SimulatedConnection extends SMTPConnection implements AnsweredConnection {
  readonly raw: Socket;
  readonly host: ConnectionHost;
  readonly #member: number;
  readonly state: SessionState;
  readonly #answering: Answering;
  #early: (() => void) | undefined;
  readonly #limits: LimitAlarms;
  readonly #chunks = new ChunkIntake();
  readonly dialogue: DialogueRecorder | undefined;
  #hungUp: DialogueEnd['how'] | undefined;
  /** How the client went, if it did. */
  #left: DialogueEnd['how'] | undefined;
  #tlsTurn: TlsTurn | undefined;

  constructor(server: SMTPServer, socket: Socket, options: SMTPConnectionOptions, host: ConnectionHost) {
    super(server, socket, options);
    this.raw = socket;
    this.host = host;
    this.#member = host.nextMember();
    this.state = new SessionState(this.remoteAddress, this.secure, () => host.clock.now());
    this.#limits = new LimitAlarms(
      host.clock,
      () => this.setup.limits,
      (decision) => this.#answering.strike(decision),
    );
    this.dialogue = DialogueRecorder.open(host, this.state.client, this);
    this.#answering = new Answering(this);
  }

  get input(): CommandStream | undefined {
    return this._parser instanceof CommandStream ? this._parser : undefined;
  }

  get setup(): HostSetup {
    return this.host.setupOf(this.#member);
  }

  get stream(): Socket {
    return this._socket;
  }

  get over(): boolean {
    return this._closing || this._closed;
  }

  get mute(): boolean {
    return this._upgrading || this.#tlsTurn?.silent === true || !this._socket.writable;
  }

  /** smtp-server waits 100 ms here for early talkers and looks up the client's name; behaviours do that better. */
  override init(): void {
    this._setListeners(() => {
      this._setClientHostname('');
      super._resetSession();
      this.#limits.startAge();
      if (this.host.implicitTls)
        this.#startTls(
          () => {},
          () => this.#greet(),
        );
      else this.#greet();
    });
  }

  #greet(): void {
    this.#answering.consult(greeting, () => {
      this._ready = true;
      this.#limits.startIdle();
      this.#early?.();
    });
  }

  override _createParser(): SMTPStream {
    const parser = new CommandStream();
    parser.oncommand = (line, resume) => this._onCommand(line, resume);
    parser.hold = () => this.#limits.reading();
    parser.onoverlong = (resume) => {
      this._nextHandler = false; // an AUTH under way has failed with it. RFC 4954 4
      this.dialogue?.heard(overlong, false);
      this.#answering.consult({ ...nobody, fault: 'line-too-long' }, resume);
    };
    parser.onclienthello = (resume) => this.#onClientHello(resume);
    return parser;
  }

  override _onCommand(line: Buffer, resume: () => void = () => {}): void {
    if (this._upgrading || this.over) return resume();
    if (!this._ready) {
      this.#noteEarly();
      this.#early = () => this._onCommand(line, resume);
      return;
    }
    this.#limits.stopIdle();
    const done = (): void => {
      this.#limits.startIdle();
      this._whenWritable(resume);
    };
    this.dialogue?.heard(line, this._nextHandler !== false);
    if (this._nextHandler) return this.#continueAuth(line, done);
    const command = readCommand(line.toString(), this.state, this.setup.manners(this.state.tls));
    if (command.verb === 'BDAT' && /^\d+(?: |$)/.test(command.argument)) this.#receiveChunk(command, done);
    else this.#answering.consult(command, done);
  }

  #noteEarly(): void {
    this.state.spokeEarly = true;
    if (this.dialogue) this.dialogue.spokeEarly = true;
  }

  /** TLS on a port that begins in clear. */
  #onClientHello(resume: () => void): void {
    if (this._upgrading || this.over) return resume();
    if (!this._ready) {
      this.#noteEarly();
      this.#early = () => this.#onClientHello(resume);
      return;
    }
    this._nextHandler = false;
    this.dialogue?.heard(aClientHello, false);
    this.dialogue?.handshakeFailed(clientHello, 'connect');
    this.#answering.consult({ ...nobody, fault: 'client-hello' }, resume);
  }

  /** smtp-server's own words: SASL results, which the accent words anew, and what it says when it is shut down. */
  override send(code: number, text?: string | string[] | null): void {
    if (code === 334) return void this.#answering.write(`334 ${text ?? ''}\r\n`); // RFC 4954 4: the blank stays
    const occasion = (
      { 235: 'auth', 501: 'auth-syntax', 504: 'auth-mechanism', 538: 'auth-needs-tls' } as const
    )[code];
    this.state.login = (this.session as { login?: string }).login;
    if (code !== 421) return this.#answering.answer(this.setup.accent.words(occasion ?? 'auth-failed'));
    this.#answering.write(`421 ${text ?? ''}\r\n`);
    this.close();
  }

  override _resetSession(): void {
    super._resetSession();
    this.#tlsTurn?.end();
    this.state.secure();
    if (this.dialogue && this.secure) this.dialogue.secured(tlsFactsOf(this._socket as TLSSocket));
  }

  override _onClose(): void {
    const open = !this._closed;
    const at = this._dataStream ? 'message' : this.#answering.stage;
    super._onClose();
    this.#tlsTurn?.end();
    this.#limits.stop();
    if (!open) return;
    const by = this.#hungUp ? 'host' : 'client';
    this.dialogue?.close({ by, how: this.#hungUp ?? this.#left ?? 'closed', at });
    const { memory } = this.host;
    for (const behaviour of this.setup.chain.behaviours) {
      behaviour.onClose?.({ session: this.state, memory });
    }
    this.host.left(this);
  }

  override _onError(error: NodeJS.ErrnoException): void {
    this.#left = error.code === 'ECONNRESET' ? 'reset' : 'closed';
    if (this._upgrading && this.#left === 'closed')
      this.dialogue?.handshakeFailed(error, this.host.implicitTls ? 'connect' : 'starttls');
    super._onError(error);
  }

  /** FIN. Called by smtp-server too, when it ends a session in its own right. */
  override close(): void {
    if (!this._closed && !this._closing && !this.#left) this.#hungUp ??= 'closed';
    super.close();
  }

  /** The host is shut down. */
  abandon(): void {
    this.#hungUp ??= 'closed';
    this.raw.destroy();
  }

  /** RST. Under TLS it belongs to the socket below; unsent data is dropped, sent data still arrives. */
  reset(): void {
    this.#hungUp ??= 'reset';
    this._closing = true;
    this.raw.resetAndDestroy();
  }

  /** What a positive reply commits the host to. */
  follow(command: Command, words: Wording, done: () => void): void {
    if (command.verb === 'QUIT') return this.close();
    if (command.verb === 'STARTTLS') return this.#startTls(done);
    if (command.verb === 'DATA' && command.stage === 'data' && words.code === 354)
      return this.#receiveMessage(done);
    done();
  }

  resetOnceRead(): void {
    this._closing = true;
    onceRead(this._socket, this.host.clock, () => this.reset());
  }

  beginAuth(command: Command, done: () => void): void {
    const offered = this.setup.accent.mechanisms(this.state.tls);
    const mechanism = command.argument.split(' ')[0]?.toUpperCase() ?? '';
    if (!offered.includes(mechanism)) {
      this.#answering.answer(this.setup.accent.words('auth-mechanism'));
      return done();
    }
    if (/^CRAM-MD5$/i.test(command.argument.trim()) && !this.session.user) {
      const challenge = saslChallenge(this.host); // smtp-server's own would be another in every run
      this._nextHandler = SASL['CRAM-MD5_token'].bind(this, true, challenge);
      this.send(334, Buffer.from(challenge).toString('base64'));
      return done();
    }
    this.handler_AUTH(Buffer.from(`AUTH ${command.argument}`), () => this.#afterAuth(done));
  }

  #continueAuth(line: Buffer, done: () => void): void {
    const handler = this._nextHandler;
    this._nextHandler = false;
    if (handler) handler.call(this, line, () => this.#afterAuth(done));
  }

  #afterAuth(done: () => void): void {
    this.state.user = (this.session.user as string | undefined) || undefined;
    done();
  }

  #receiveMessage(done: () => void): void {
    const parser = this._parser;
    if (!parser) return;
    const { bareLineFeed, cut } = this.setup;
    if (parser instanceof CommandStream) parser.expectMessage({ bareLineFeeds: bareLineFeed === 'message' });
    const stream = parser.startDataMode();
    this._dataStream = stream;
    collectMessage(stream, cut?.afterBytes, {
      onCut: () => cut && this.#answering.carryOut(cut.decision, theMessage, undefined, () => {}),
      onEnd: (kept, bytes) => {
        this._dataStream = false;
        this.#limits.stopIdle();
        this.dialogue?.heardData(kept, bytes, true);
        const done = (): void => {
          this.#limits.startIdle();
          parser.continue();
        };
        this.#answering.consult(theMessage, done, { kept, bytes });
      },
    });
    done();
  }

  /** BDAT: the octets are read before anything is said about them. RFC 3030 2 */
  #receiveChunk(command: Command, done: () => void): void {
    const [size = '0', last] = command.argument.split(/ +/);
    (this._parser as CommandStream).takeChunk(Number(size), this.#chunks.room, (kept) => {
      this.#chunks.add(kept, Number(size));
      this.dialogue?.heardData(kept, Number(size), false);
      if (last === undefined && !command.fault)
        return this.#answering.consult(command, done, { kept, bytes: Number(size) });
      this.#answering.consult(
        { ...command, stage: command.fault ? 'data' : 'message' },
        done,
        this.#chunks.take(),
      );
    });
  }

  #startTls(resume: () => void, secured: () => void = () => {}): void {
    if (this._parser) this._socket.unpipe(this._parser); // what comes from now on is for TLS
    this.#tlsTurn = new TlsTurn({
      raw: this.raw,
      clock: this.host.clock,
      limits: this.#limits,
      dialogue: this.dialogue,
      stage: this.host.implicitTls ? 'connect' : 'starttls',
      trouble: () => this.setup.tls,
      secureContext: (trouble) => this.host.secureContext(trouble),
      over: () => this.over,
      close: () => this.close(),
      reset: () => this.resetOnceRead(),
      upgrade: (context) => {
        this._server.secureContext.set('*', context);
        this.upgrade(resume, secured);
      },
    });
    this.#tlsTurn.begin();
  }
}
