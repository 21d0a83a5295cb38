import type { Socket } from 'node:net';
import type { Reply } from '../smtp/reply.ts';
import { type ReplyLimits, ReplyParser, replyLimits } from '../smtp/reply-parser.ts';
import type { Stage } from '../smtp/stage.ts';
import type { Alarm, Clock } from '../time/clock.ts';
import { seconds } from '../time/duration.ts';
import type { Answer, Ending } from '../transcript/ending.ts';
import type { TlsFacts } from '../transcript/transcript.ts';
import type { Command } from './command.ts';
import { type Break, type DialFailure, endingOf } from './endings.ts';
import type { Destination } from './environment.ts';
import { awaitedBy, Exchange } from './exchange.ts';
import { blockPatience, bytesOf, countShown, isLarge, writeBlocks } from './outflow.ts';
import { type Patience, patienceAt, patiently } from './patience.ts';
import type { Recorder } from './recorder.ts';
import { startHandshake, type TlsPolicy } from './tls-handshake.ts';
import { Unsolicited } from './unsolicited.ts';
import { type Ear, type Loss, Wire } from './wire.ts';

export type { Patience };

/** How long we leave it to the host to hang up in its turn, in ms. */
const hangUpPatience = seconds(5);

export interface ConversationOptions {
  readonly patience?: Patience;
  readonly limits?: ReplyLimits;
  /** Told of every reply to a command as it comes. */
  readonly follow: (command: Command, reply: Reply) => void;
}

const noCommand = (stage: Stage): Command => ({ stage, line: '' });

/**
 * Commands out, replies in, on one connection: waits for each reply as long as its stage allows, and tells how the
 * conversation broke off if it did. What the commands mean is the session's business.
 */
export class Conversation implements Ear {
  readonly recorder: Recorder;
  readonly #clock: Clock;
  readonly #patience: Patience;
  readonly #follow: ConversationOptions['follow'];
  #wire: Wire | undefined;
  readonly #parser: ReplyParser;
  #exchange: Exchange | undefined;
  #alarm: Alarm | undefined;
  readonly #unsolicited = new Unsolicited();
  #ended: Ending | undefined;
  #hungUp = false;

  constructor(
    recorder: Recorder,
    clock: Clock,
    { patience = {}, limits = replyLimits, follow }: ConversationOptions,
  ) {
    this.recorder = recorder;
    this.#follow = follow;
    this.#clock = clock;
    this.#patience = patience;
    this.#parser = new ReplyParser(limits);
  }

  /** Begins, on a socket that stands. */
  begin(socket: Socket, { address, port }: Destination): void {
    this.recorder.connected(this.#clock.now(), address, port);
    this.#wire = new Wire(socket, socket, this);
  }

  /** Ends before it began. `since` is when the dial began, in clock time. */
  neverBegan(failure: DialFailure, to: Destination, since: number): Ending {
    const stood = failure.kind === 'disconnected';
    if (stood) this.recorder.connected(this.#clock.now(), to.address, to.port);
    return this.#breakOff(failure, { command: noCommand(stood ? 'greeting' : 'connect'), since });
  }

  /** How it broke off. Stays undefined when it was us who hung up. */
  get ended(): Ending | undefined {
    return this.#ended;
  }

  get hungUp(): boolean {
    return this.#hungUp;
  }

  /**
   * Waits for the first reply; not a byte is sent before its last line (rule REP-06), unless `early` has some that break
   * this rule.
   */
  greeting(early?: Command): Promise<readonly Answer[]> {
    return this.#await([noCommand('greeting')], { asked: true }, early && [early]);
  }

  /**
   * Sends commands in one write and resolves to one answer for each reply due. A 421 that had come before is the first
   * answer instead, flagged as unsolicited, and nothing is sent (rule REP-08).
   */
  ask(commands: readonly Command[], patience?: number): Promise<readonly Answer[]> {
    const awaited = awaitedBy(commands);
    const { farewell } = this.#unsolicited;
    if (farewell) return Promise.resolve(this.#takeLeave(farewell, awaited));
    const ended = this.#ended;
    if (ended)
      return Promise.resolve(awaited.map(({ stage }) => (isLeave(ended) ? { ...ended, stage } : ended)));
    this.#unsolicited.clear();
    return this.#await(awaited, { asked: true, patience }, commands);
  }

  /** Waits for something that nobody asked for. When nothing comes, the conversation still goes on. */
  async listen(patience: number): Promise<Answer> {
    const reply = this.#unsolicited.shift();
    if (reply) return { kind: 'reply', stage: 'command', reply, elapsed: 0, unsolicited: true };
    if (this.#ended) return this.#ended;
    const [answer] = await this.#await([noCommand('command')], { asked: false, patience });
    return answer as Answer;
  }

  /**
   * Lays TLS over the connection; `command` is the one that led to it, if there was one. Anything that the host has
   * sent in clear behind its 220 would be taken for secured, and is refused. RFC 3207 4.2, CVE-2011-0411
   */
  async secure(
    policy: TlsPolicy,
    command: Command | undefined,
    patience?: number,
  ): Promise<TlsFacts | Ending> {
    if (this.#ended) {
      this.#ended = atStarttls(this.#ended, command); // by what came behind the 220
      return this.#ended;
    }
    const context = { command: command ?? noCommand('starttls'), since: this.#clock.now() };
    const bytes = (this.#unsolicited.text + this.#parser.pending).slice(0, 200);
    if (bytes !== '')
      return this.#breakOff({ kind: 'misspoke', why: 'plaintext behind the 220', bytes }, context);
    const after = patience ?? patienceAt('starttls', this.#patience);
    const raw = this.#wireOf().release();
    const { socket, done } = startHandshake(raw, policy);
    let late = false;
    const result = await patiently(this.#clock, done, {
      patience: after,
      late: () => {
        late = true;
        socket.destroy();
      },
    });
    if ('kind' in result) {
      socket.destroy();
      return this.#breakOff(late ? { kind: 'timed-out', after } : result, context);
    }
    this.#wire = new Wire(socket, raw, this);
    this.recorder.secured(this.#clock.now(), result);
    return result;
  }

  /**
   * Hangs up: `close` by FIN, `reset` by RST. With `hostFirst`, as after QUIT, the host is left time to do it (RFC 5321
   * 4.1.1.10). Resolves when the socket is gone and, by `close` with `wait`, the host has hung up too or had its time.
   */
  async hangUp(
    how: 'close' | 'reset',
    { hostFirst, wait }: { hostFirst: boolean; wait: boolean },
  ): Promise<void> {
    if (hostFirst && wait && how === 'close' && !this.#over) await this.#untilLeft(this.#wireOf());
    if (this.#over) return;
    this.#hungUp = true;
    this.recorder.hungUp(this.#clock.now());
    const exchange = this.#exchange;
    if (exchange) {
      const ending = { kind: 'disconnected', how: how === 'reset' ? 'reset' : 'closed' } as const;
      this.#finish(exchange, this.#ending(ending, exchange.due, exchange.sentAt));
    }
    const wire = this.#wireOf();
    if (how === 'reset') wire.reset();
    else if (wait) {
      wire.end();
      await this.#untilLeft(wire);
      wire.destroy();
    } else wire.endAtOnce();
    const closed = this.#clock.watchWire(() => 1);
    await wire.closed();
    closed();
  }

  heard(chunk: Buffer): void {
    if (this.#hungUp) return;
    this.#parser.push(chunk);
    const now = this.#clock.now();
    let replies = 0;
    for (let parsed = this.#parser.next(); parsed && !this.#ended; parsed = this.#parser.next()) {
      if ('misspoken' in parsed) return void this.#breakOff({ kind: 'misspoke', ...parsed.misspoken });
      this.#take(this.recorder.blanked(parsed.reply), parsed.bytes, now);
      replies++;
    }
    if (replies > 0 && this.#exchange && !this.#exchange.writing) this.#arm(this.#exchange);
  }

  lost(loss: Loss): void {
    if (!this.#hungUp) this.#breakOff(loss);
  }

  #await(
    awaited: readonly Command[],
    about: { readonly asked: boolean; readonly patience?: number | undefined },
    commands?: readonly Command[],
  ): Promise<readonly Answer[]> {
    if (this.#exchange) throw new Error('a command is in flight already: await its answer first');
    return new Promise((resolve) => {
      const exchange = new Exchange(awaited, { sentAt: this.#clock.now(), ...about }, resolve);
      this.#exchange = exchange;
      if (this.#ended) this.#finish(exchange, this.#ended);
      else if (commands) this.#write(exchange, commands);
      else this.#arm(exchange);
    });
  }

  #write(exchange: Exchange, commands: readonly Command[]): void {
    const bytes = bytesOf(commands);
    const large = isLarge(bytes);
    if (!large) this.#wireOf().write(bytes); // first of all: the rest can be done while it travels
    this.recorder.sent(exchange.sentAt, commands, countShown(commands, bytes));
    if (!large) return this.#written(exchange);
    exchange.writing = true;
    void writeBlocks(this.#wireOf(), typeof bytes === 'string' ? Buffer.from(bytes) : bytes, {
      clock: this.#clock,
      going: () => this.#exchange === exchange,
      late: () => this.#breakOff({ kind: 'timed-out', after: blockPatience }),
    }).then(() => this.#written(exchange));
  }

  #written(exchange: Exchange): void {
    if (this.#exchange !== exchange) return;
    exchange.writing = false;
    if (exchange.full) this.#finish(exchange);
    else this.#arm(exchange);
  }

  /** One timer for each reply, however many pieces it comes in (rule TMO-01). */
  #arm(exchange: Exchange): void {
    this.#alarm?.cancel();
    const after = exchange.patience ?? patienceAt(exchange.due?.stage ?? 'command', this.#patience);
    this.#alarm = this.#clock.alarm(after, () => {
      if (exchange.asked) this.#breakOff({ kind: 'timed-out', after });
      else this.#finish(exchange, this.#ending({ kind: 'timed-out', after }, exchange.due, exchange.sentAt));
    });
  }

  get #over(): boolean {
    return this.#hungUp || this.#ended !== undefined;
  }

  #wireOf(): Wire {
    if (!this.#wire) throw new Error('the conversation has not begun');
    return this.#wire;
  }

  #take(reply: Reply, bytes: number, now: number): void {
    const exchange = this.#exchange;
    const due = exchange !== undefined && !exchange.full;
    this.recorder.received(now, reply, bytes, !(due && exchange.asked));
    if (due) {
      if (exchange.asked) this.#follow(exchange.due as Command, reply);
      exchange.take(reply, now);
      if (exchange.full && !exchange.writing) this.#finish(exchange);
    } else if (!this.#unsolicited.add(reply)) {
      this.#breakOff({
        kind: 'misspoke',
        why: 'replies to nothing',
        bytes: reply.raw[0]?.slice(0, 200) ?? '',
      });
    }
  }

  #finish(exchange: Exchange, ending?: Ending): void {
    this.#alarm?.cancel();
    this.#alarm = undefined;
    this.#exchange = undefined;
    if (ending) exchange.breakOff(() => ending);
    exchange.resolve();
  }

  /** The host says 421 unasked: it is about to close, so we hang up and send nothing more. RFC 5321 3.8 */
  #takeLeave(reply: Reply, [first, ...others]: readonly Command[]): readonly Answer[] {
    this.#unsolicited.clear();
    if (!this.#ended) {
      this.recorder.hungUp(this.#clock.now());
      this.#ended = this.#ending({ kind: 'disconnected', how: 'closed', unsolicited: true }, undefined);
      this.#wire?.destroy();
    }
    const ended = this.#ended;
    const stage = first?.stage ?? 'command';
    const farewell = { kind: 'reply', stage, reply, elapsed: 0, unsolicited: true } as const;
    return [farewell, ...others.map(({ stage }) => ({ ...ended, stage }))];
  }

  /** Ends the conversation for good. Every reply that is still due becomes an ending with its own stage and command. */
  #breakOff(raw: Break, context?: { readonly command: Command; readonly since: number }): Ending {
    if (this.#ended) return this.#ended;
    const exchange = this.#exchange;
    const now = this.#clock.now();
    const bytes = this.recorder.withoutSecrets(raw.kind === 'misspoke' ? raw.bytes : this.#parser.pending);
    const loss = raw.kind === 'misspoke' ? { ...raw, bytes } : raw;
    this.recorder.receivedPart(now, bytes);
    const due = context?.command ?? (exchange?.asked ? exchange.due : undefined);
    const told: Break =
      due === undefined && loss.kind === 'disconnected' ? { ...loss, unsolicited: true } : loss;
    const since = context?.since ?? exchange?.sentAt;
    const ended = this.#ending(told, due, since);
    this.#ended = ended;
    if (isLeave(ended)) this.recorder.left(now, ended.how);
    else this.recorder.ended(now, ended);
    this.#wire?.destroy();
    exchange?.breakOff((command) =>
      command === due || !exchange.asked ? ended : this.#ending(told, command, since),
    );
    if (exchange) this.#finish(exchange);
    return ended;
  }

  #ending(loss: Break, command: Command | undefined, since = this.#clock.now()): Ending {
    return endingOf(loss, command, this.recorder, this.#clock.now() - since);
  }

  /** Until the connection is over, or the host has had its time to end it. */
  async #untilLeft(wire: Wire): Promise<void> {
    let giveUp: () => void = () => {};
    const late = new Promise<void>((resolve) => {
      giveUp = resolve;
    });
    await patiently(this.#clock, Promise.race([wire.left(), late]), {
      patience: hangUpPatience,
      late: giveUp,
    });
  }
}

function atStarttls(ending: Ending, command: Command | undefined): Ending {
  return { ...ending, stage: 'starttls', ...(command ? { command: command.line } : {}) };
}

/** The host hung up with nothing due. */
function isLeave(ending: Ending): ending is Ending & { kind: 'disconnected'; unsolicited: true } {
  return ending.kind === 'disconnected' && ending.unsolicited === true;
}
