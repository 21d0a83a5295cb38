import type { Socket } from 'node:net';
import { ConnectionExchange, type Lent, type Received } from './connection-exchange.ts';
import type { ConnectionHost } from './connection-host.ts';
import { courtesyOf } from './courtesy.ts';
import { accept, type Decision, type HangUp, resets, type WireFault } from './decision.ts';
import type { DialogueRecorder } from './dialogue-recorder.ts';
import type { DialogueEnd } from './host-dialogue.ts';
import type { HostSetup } from './host-setup.ts';
import type { Command } from './protocol.ts';
import { noSubject, ReplyValues } from './reply-values.ts';
import type { SessionState } from './session-state.ts';
import { nobody } from './unspoken.ts';
import { writeSpoiled } from './wire-fault-writer.ts';
import { renderWording, type Wording } from './wording.ts';

/** A connection as whoever answers on it needs it. */
export interface AnsweredConnection extends Pick<Lent, 'input'> {
  readonly host: ConnectionHost;
  readonly setup: HostSetup;
  readonly state: SessionState;
  readonly dialogue: DialogueRecorder | undefined;
  /** The one in use: under TLS that above the raw socket. */
  readonly stream: Socket;
  /** It is closing, or closed. */
  readonly over: boolean;
  /** Nothing may be written, or nobody would read it. */
  readonly mute: boolean;
  close(): void;
  reset(): void;
  resetOnceRead(): void;
  beginAuth(command: Command, done: () => void): void;
  /** Does what the host has committed itself to by a positive reply. */
  follow(command: Command, words: Wording, done: () => void): void;
}

/** Asks the host's behaviours what becomes of each command, and carries out what they decide. */
export class Answering implements Lent {
  /** The stage of the last command that anybody decided about. */
  stage: DialogueEnd['at'] = 'greeting';
  readonly #connection: AnsweredConnection;
  readonly #values: ReplyValues;

  constructor(connection: AnsweredConnection) {
    const { host, setup, state } = connection;
    this.#connection = connection;
    this.#values = new ReplyValues(state, host.name, setup.values, host.clock, host.random);
  }

  get input(): Lent['input'] {
    return this.#connection.input;
  }

  consult(command: Command, done: () => void, message?: Received): void {
    this.stage = command.stage;
    const { host, setup, state } = this.#connection;
    const exchange = new ConnectionExchange(command, state, { host, setup }, message, this);
    const { chain, accent } = setup;
    const decision = chain.decide(exchange, () => {
      const { fault } = command;
      const words = fault ? accent.words(fault) : courtesyOf(accent, command, state.tls);
      return words.code < 400 ? accept : { kind: 'reply', reply: words };
    });
    if (!(decision instanceof Promise)) return this.carryOut(decision, command, message, done);
    void decision.then((late) => this.carryOut(late, command, message, done));
  }

  carryOut(decision: Decision, command: Command, received: Received | undefined, done: () => void): void {
    const connection = this.#connection;
    if (connection.over) return done();
    switch (decision.kind) {
      case 'close':
        return connection.close();
      case 'reset':
        return connection.resetOnceRead();
      case 'silence':
        return; // the parser is never resumed
      case 'accept':
      case 'reply': {
        this.#values.subject = { command, messageBytes: received?.bytes ?? 0, message: received?.kept };
        if (command.stage === 'auth' && decision.kind === 'accept')
          return connection.beginAuth(command, done);
        const usual = (): Wording => courtesyOf(connection.setup.accent, command, connection.state.tls);
        const words = decision.kind === 'reply' ? decision.reply : usual();
        return this.#reply(words, decision, command, done);
      }
      default:
        decision satisfies never;
    }
  }

  /** A limit of the session is reached. Who has left replies unread will not read another one either. */
  strike(decision: Decision): void {
    const { stream } = this.#connection;
    if (resets(decision) && stream.writableNeedDrain) this.#connection.reset();
    else this.carryOut(decision, nobody, undefined, () => {});
  }

  /** Sends a reply, lets the session state follow it, and hangs up where that is part of it. */
  #reply(
    words: Wording,
    { fault, then }: { fault?: WireFault; then?: HangUp },
    command: Command,
    done: () => void,
  ): void {
    const { state, dialogue, host } = this.#connection;
    const positive = words.code < 400;
    const hangUp = then ?? (words.code === 421 ? 'close' : undefined); // RFC 5321 3.8
    if (!positive) state.errors++;
    if (command.stage === 'rcpt') state.countRecipient();
    if (command.stage === 'message') dialogue?.received(state, this.#values.subject, positive);
    const bytes = renderWording(words, this.#values.get);
    if (!fault) {
      this.write(bytes, 'whole');
      return this.#afterReply(words, hangUp, command, done);
    }
    void writeSpoiled((piece) => this.write(piece), bytes, fault, host.clock).then(() => {
      dialogue?.flush();
      this.#afterReply(words, hangUp, command, done);
    });
  }

  #afterReply(words: Wording, hangUp: HangUp | undefined, command: Command, done: () => void): void {
    const connection = this.#connection;
    if (hangUp === 'close') connection.close();
    else if (hangUp === 'reset') connection.resetOnceRead();
    else if (words.code < 400) {
      connection.state.follow(command);
      connection.follow(command, words, done);
    } else {
      if (command.stage === 'message') connection.state.endTransaction();
      done();
    }
  }

  /** Words that nobody decided about. */
  answer(words: Wording): void {
    if (words.code >= 400) this.#connection.state.errors++;
    this.write(renderWording(words, this.#values.get), 'whole');
  }

  /** A line ahead of the reply. */
  say(line: string): void {
    this.#values.subject = noSubject;
    this.write(`${line.replace(/\{host\}/g, () => this.#values.get('host') ?? '')}\r\n`);
  }

  write(bytes: string | Buffer, reply?: 'whole'): void {
    const { mute, stream, dialogue } = this.#connection;
    if (mute) return;
    stream.write(bytes);
    dialogue?.said(bytes, reply);
  }
}
