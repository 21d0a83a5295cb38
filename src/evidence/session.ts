import { type Reply, replyOf } from '../smtp/reply.ts';
import { replyLimits } from '../smtp/reply-parser.ts';
import { type Stage, stageFacts } from '../smtp/stage.ts';
import type { Ending } from '../transcript/ending.ts';
import { StageTracker } from '../transcript/stage-tracker.ts';
import type { TranscriptEvent } from '../transcript/transcript.ts';
import { type Finding, type Loss, nothing } from './finding.ts';

/** How many events of one session are kept for the explanation of its end, and how many lines of a message. */
const mostEvents = 500;
const mostLines = 20;

const replyLine = /^[2-5]\d\d(?:[ -]|$)/;

/** A connection as it is made. */
export interface Peer {
  readonly host: string;
  readonly address: string;
  readonly port: number;
}

/** Puts together what both sides said on one connection, and finds its replies and how it ended. */
export class Session {
  readonly #format: string;
  #tracker = new StageTracker();
  #events: TranscriptEvent[] = [];
  #open: string[] = [];
  #peer: Peer | undefined;
  #greeting: Reply | undefined;
  /** Replies that are due; `undefined` until something tells where in the dialogue we are. */
  #due: number | undefined;
  #command: string | undefined;
  #lastSent = '';
  #lastReceived = '';
  #bye = false;
  #tls = false;
  /** A message is under way: lines belong together until the server speaks. RFC 5321 4.1.1.4 */
  #message = false;

  constructor(format: string) {
    this.#format = format;
  }

  /** Whether a message is being sent, so that lines may be anything. */
  get inMessage(): boolean {
    return this.#message;
  }

  /** Whether anything was said. */
  get begun(): boolean {
    return this.#due !== undefined || this.#open.length > 0;
  }

  /** A `late` beginning lies behind the greeting. */
  connected(peer: Peer, line: number, late = false): readonly Finding[] {
    const found = this.end(line);
    this.#peer = peer;
    this.#due = late ? undefined : 1;
    this.#event({ kind: 'connected', ...peer });
    return found;
  }

  secured(protocol: string): void {
    this.#tls = true;
    this.#event({ kind: 'secured', facts: { protocol, cipher: '' } });
  }

  client(text: string, line: number): readonly Finding[] {
    const found = this.#flush(line);
    if (this.#message) {
      this.#more(text);
      return found;
    }
    if (this.#due === undefined) this.#tracker.replied(220); // where we come in, the greeting is over
    this.#tracker.sent([text], text.length + 2);
    this.#due = (this.#due ?? 0) + 1;
    this.#command = text;
    this.#lastSent = `${text}\r\n`.slice(-80);
    this.#event({ kind: 'sent', lines: [text], bytes: text.length + 2 });
    return found;
  }

  server(text: string, line: number): readonly Finding[] {
    if (!replyLine.test(text)) return nothing;
    if (this.#open.length < replyLimits.lines) this.#open.push(text);
    return text[3] === '-' ? nothing : this.#flush(line);
  }

  /** The evidence says that the connection was lost. Without an answer due, and after a farewell, that is how it should be. */
  lost(how: Loss, line: number): readonly Finding[] {
    const found = this.#flush(line);
    const due = this.#due;
    // A client that says goodbye on a connection which it knows to be lost.
    const farewell = this.#lastReceived === '' && /^QUIT\b/i.test(this.#command ?? '');
    const expected = due === undefined || farewell || (due <= 0 && (this.#bye || how === 'timed-out'));
    const ending = expected ? [] : [this.#ended(how, due > 0, line)];
    this.#reset();
    return [...found, ...ending];
  }

  /** Nothing more comes. A command that got no answer means that the connection was lost; a farewell needs none. */
  end(line: number): readonly Finding[] {
    const found = this.#flush(line);
    const waiting = (this.#due ?? 0) > 0 && this.#command !== undefined && !/^QUIT\b/i.test(this.#command);
    const ending = waiting && !this.#bye ? [this.#ended('closed', true, line)] : [];
    this.#reset();
    return [...found, ...ending];
  }

  #more(text: string): void {
    const last = this.#events.at(-1);
    const bytes = text.length + 2;
    this.#lastSent = `${text}\r\n`.slice(-80);
    if (last?.kind !== 'sent') {
      this.#tracker.sent([text], bytes);
      this.#due = (this.#due ?? 0) + 1;
      this.#event({ kind: 'sent', lines: [text], bytes });
    } else {
      const lines = last.lines.length < mostLines ? [...last.lines, text] : last.lines;
      this.#events[this.#events.length - 1] = { ...last, lines, bytes: last.bytes + bytes };
    }
    this.#command = text;
  }

  #flush(line: number): readonly Finding[] {
    const raw = this.#open;
    if (raw.length === 0) return nothing;
    this.#open = [];
    const reply = replyOf(raw, []);
    const stage = this.#stageOf(reply);
    this.#lastReceived = `${raw.at(-1)}\r\n`.slice(-80);
    this.#bye ||= reply.code === 221 || reply.code === 421;
    this.#event({
      kind: 'received',
      lines: raw,
      bytes: raw.reduce((sum, { length }) => sum + length + 2, 0),
    });
    if (stage === 'greeting') this.#greeting = reply;
    return [
      {
        kind: 'reply',
        quoted: { reply, given: raw[0]?.length === 3 ? 'code' : 'reply', text: raw.join('\n') },
        ...(stage === undefined ? {} : { stage }),
        ...this.#place(line),
      },
    ];
  }

  /** A reply that comes out of nowhere has no stage, unless it greets. */
  #stageOf(reply: Reply): Stage | undefined {
    if (this.#due === undefined && reply.code !== 220) return undefined;
    if (this.#due !== undefined && this.#due <= 0) return this.#command === undefined ? undefined : 'command';
    this.#due = (this.#due ?? 1) - 1;
    const stage = this.#tracker.replied(reply.code);
    this.#message = stage === 'data' && reply.code === 354;
    return stage;
  }

  #ended(how: Loss, due: boolean, line: number): Finding {
    const stage = due ? this.#tracker.replied(421) : 'command';
    const circumstances = {
      stage,
      ...(this.#command === undefined ? {} : { command: this.#command }),
      lastSent: this.#lastSent,
      lastReceived: this.#lastReceived,
      elapsed: 0,
      tls: this.#tls,
    };
    const ending: Ending =
      how === 'timed-out'
        ? { kind: 'timed-out', after: stageFacts[stage].patience, ...circumstances }
        : { kind: 'disconnected', how, ...(due ? {} : { unsolicited: true }), ...circumstances };
    this.#event({ kind: 'ended', ending });
    const transcript = { host: this.#peer?.host ?? '', events: this.#events };
    return { kind: 'ending', ending, transcript, ...this.#place(line) };
  }

  #place(line: number): { format: string; line: number; provider?: string; greeting?: Reply } {
    const host = this.#hostName();
    return {
      format: this.#format,
      line,
      ...(host === undefined ? {} : { provider: host }),
      ...(this.#greeting === undefined ? {} : { greeting: this.#greeting }),
    };
  }

  /** A name tells who speaks; an address does not, and a tunnel's end hides it. */
  #hostName(): string | undefined {
    const host = this.#peer?.host ?? '';
    return /[a-z]/i.test(host) && host.includes('.') && !/^localhost|:/.test(host) ? host : undefined;
  }

  #event(event: Event): void {
    if (this.#events.length < mostEvents) this.#events.push({ at: 0, tls: this.#tls, ...event });
  }

  #reset(): void {
    this.#tracker = new StageTracker();
    this.#events = [];
    this.#peer = undefined;
    this.#greeting = undefined;
    this.#due = undefined;
    this.#command = undefined;
    this.#lastSent = '';
    this.#lastReceived = '';
    this.#bye = false;
    this.#tls = false;
    this.#message = false;
  }
}

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Event = Without<TranscriptEvent, 'at' | 'tls'>;
