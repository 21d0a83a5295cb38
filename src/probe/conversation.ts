import type { Socket } from 'node:net';
import { type Reply, replyText } from '../smtp/reply.ts';
import { type ReplyLimits, ReplyParser, replyLimits } from '../smtp/reply-parser.ts';
import { type Stage, stageFacts } from '../smtp/stage.ts';
import type { Alarm, Clock } from '../time/clock.ts';
import { minutes, seconds } from '../time/duration.ts';
import type { Answer, Ending } from '../transcript/ending.ts';
import type { TlsFacts } from '../transcript/transcript.ts';
import { type Command, shownLine } from './command.ts';
import type { Recorder } from './recorder.ts';
import { startHandshake, type TlsFailure, type TlsPolicy } from './tls-handshake.ts';
import { type Loss, Wire } from './wire.ts';

/** How long to wait for the reply at each stage, in ms. */
export type Patience = Partial<Record<Stage, number>>;

/** One block of a large write, and how long the host may take to read it. RFC 5321 4.5.3.2.5 */
const blockBytes = 65_536;
const blockPatience = minutes(3);
/** Replies that nobody asked for, after which the host is taken to talk nonsense. */
const mostUnsolicited = 32;
/** How long we leave it to the host to hang up in its turn. */
const hangUpPatience = seconds(5);

/** What the conversation can break off with. */
type Break = Loss | TlsFailure | { readonly kind: 'timed-out'; readonly after: number } | Misspoke;
type Misspoke = { readonly kind: 'misspoke'; readonly why: string; readonly bytes: string };

/** Replies due, in order, and those that have come. */
interface Exchange {
  /** One for each reply due. */
  readonly awaited: readonly Command[];
  readonly answers: Answer[];
  readonly sentAt: number;
  /** Overrides the patience of the stages. */
  readonly patience: number | undefined;
  /** False while we only listen: whatever comes then was not asked for. */
  readonly asked: boolean;
  /** Our side has not finished writing. */
  writing: boolean;
  readonly resolve: (answers: readonly Answer[]) => void;
}

const listening: Command = { stage: 'command', line: '' };
const greeting: Command = { stage: 'greeting', line: '' };

/**
 * Commands out, replies in, on one connection: pairs them by counting (RFC 2920 3.1), waits for each as long as its
 * stage allows, and tells how the conversation broke off if it did. What the commands mean is the session's business.
 */
export class Conversation {
  readonly recorder: Recorder;
  readonly #clock: Clock;
  readonly #patience: Patience;
  readonly #limits: ReplyLimits;
  #wire: Wire;
  #parser: ReplyParser;
  #exchange: Exchange | undefined;
  #alarm: Alarm | undefined;
  #unsolicited: Reply[] = [];
  #ended: Ending | undefined;
  #hungUp = false;

  constructor(
    socket: Socket,
    recorder: Recorder,
    clock: Clock,
    { patience = {}, limits = replyLimits }: { readonly patience?: Patience; readonly limits?: ReplyLimits },
  ) {
    this.recorder = recorder;
    this.#clock = clock;
    this.#patience = patience;
    this.#limits = limits;
    this.#parser = new ReplyParser(limits);
    this.#wire = new Wire(socket, socket, this);
  }

  /** How it broke off: the other side's doing. */
  get ended(): Ending | undefined {
    return this.#ended;
  }

  /** We have hung up. */
  get hungUp(): boolean {
    return this.#hungUp;
  }

  greeting(): Promise<readonly Answer[]> {
    return this.#await([greeting], { asked: true });
  }

  /**
   * Sends commands in one write and resolves to one answer for each reply due. A 421 that had come before is the first
   * answer instead, flagged as unsolicited, and nothing is sent (rule REP-08).
   */
  ask(commands: readonly Command[], patience?: number): Promise<readonly Answer[]> {
    const farewell = this.#unsolicited.find((reply) => reply.code === 421);
    if (farewell) return Promise.resolve(this.#takeLeave(farewell, awaitedBy(commands)));
    if (this.#ended) return Promise.resolve(awaitedBy(commands).map((command) => this.#endedBefore(command)));
    this.#unsolicited = [];
    const answers = this.#await(awaitedBy(commands), { asked: true, patience, writing: true });
    this.#write(commands);
    return answers;
  }

  /** Waits for something that nobody asked for. When nothing comes, the conversation goes on. */
  async listen(patience: number): Promise<Answer> {
    const reply = this.#unsolicited.shift();
    if (reply) return { kind: 'reply', stage: 'command', reply, elapsed: 0, unsolicited: true };
    if (this.#ended) return this.#ended;
    const [answer] = await this.#await([listening], { asked: false, patience });
    return answer as Answer;
  }

  /** Lays TLS over the connection. What the host had sent behind its 220 would be taken for secured: refused. */
  async secure(policy: TlsPolicy, patience = this.#patienceAt('starttls')): Promise<TlsFacts | Ending> {
    if (this.#ended) return this.#ended;
    const early = this.#unsolicited.map((reply) => reply.raw.join('\r\n')).join('\r\n') + this.#parser.pending;
    if (early !== '') return this.#plaintextBehind220(early); // RFC 3207 4.2, CVE-2011-0411
    const startedAt = this.#clock.now();
    const { socket, done } = startHandshake(this.#wire.release(), policy);
    const arrived = this.#clock.watchWire(() => 1);
    let late = false;
    const alarm = this.#clock.alarm(patience, () => {
      late = true;
      socket.destroy();
    });
    const result = await done;
    alarm.cancel();
    arrived();
    if ('kind' in result) {
      socket.destroy();
      const loss = late ? ({ kind: 'timed-out', after: patience } as const) : result;
      return this.#breakOff(loss, { ...listening, stage: 'starttls', line: 'STARTTLS' }, startedAt);
    }
    this.#wire = new Wire(socket, (socket as { _parent?: Socket })._parent ?? socket, this);
    this.#parser = new ReplyParser(this.#limits);
    this.recorder.secured(this.#clock.now(), result);
    return result;
  }

  /**
   * Hangs up: `close` by FIN, `reset` by RST. After QUIT the host goes first (RFC 5321 4.1.1.10). Resolves when the
   * socket is closed and, by `close`, the host has hung up too or has had its time for it.
   */
  async hangUp(how: 'close' | 'reset', hostFirst = false): Promise<void> {
    if (this.#hungUp || this.#ended) return;
    if (hostFirst && how === 'close') await this.#untilLeft();
    if (this.#ended) return;
    this.recorder.hungUp(this.#clock.now());
    this.#hungUp = true;
    if (how === 'reset') this.#wire.reset();
    else {
      this.#wire.end();
      await this.#untilLeft();
      this.#wire.destroy();
    }
    const closed = this.#clock.watchWire(() => 1);
    await this.#wire.closed();
    closed();
  }

  heard(chunk: Buffer): void {
    if (this.#hungUp) return;
    this.#parser.push(chunk);
    const now = this.#clock.now();
    let replies = 0;
    for (let parsed = this.#parser.next(); parsed; parsed = this.#parser.next()) {
      if ('misspoken' in parsed) return void this.#breakOff({ kind: 'misspoke', ...parsed.misspoken });
      this.#take(this.recorder.blanked(parsed.reply), parsed.bytes, now);
      replies++;
    }
    if (replies > 0 && this.#exchange && !this.#exchange.writing) this.#arm(this.#exchange);
  }

  lost(loss: Loss): void {
    this.#breakOff(loss);
    this.#leftToUs?.();
  }
}
