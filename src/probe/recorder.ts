import { type Reply, replyFromLines } from '../smtp/reply.ts';
import type { Ending } from '../transcript/ending.ts';
import type { TlsFacts, Transcript, TranscriptEvent } from '../transcript/transcript.ts';
import { type Command, shownLine } from './command.ts';

/** Lines and octets of a message that a transcript keeps. */
const keptLines = 5;
const keptOctets = 1_024;
/** Octets that an ending quotes, each way. */
const quoted = 80;
const blank = '****';
/** A shorter password would blank half of what is said. */
const shortestSecret = 4;

/** Writes down one connection as it goes, and keeps passwords out of it. */
export class Recorder implements Transcript {
  readonly host: string;
  readonly from?: string;
  readonly events: TranscriptEvent[] = [];
  tls = false;
  #lastSent: readonly Command[] = [];
  #secrets: string[] | undefined;

  constructor(host: string, from: string | undefined) {
    this.host = host;
    if (from !== undefined) this.from = from;
  }

  /** Texts that must not be shown even where the other side repeats them. */
  keepSecret(texts: readonly string[]): void {
    this.#secrets = [...(this.#secrets ?? []), ...texts.filter((text) => text.length >= shortestSecret)];
    this.#secrets.sort((a, b) => b.length - a.length); // a password within its own base64 must not spoil the longer match
  }

  connected(at: number, address: string, port: number): void {
    this.events.push({ at, tls: this.tls, kind: 'connected', host: this.host, address, port });
  }

  sent(at: number, commands: readonly Command[], bytes: number): void {
    this.#lastSent = commands;
    const lines: string[] = [];
    for (const command of commands) {
      if (command.shown !== undefined) this.keepSecret([hiddenOf(command)]);
      if (!command.bare) lines.push(latin1Of(shownLine(command)));
      if (command.octets) lines.push(...linesOf(command.octets));
    }
    this.events.push({ at, tls: this.tls, kind: 'sent', lines, bytes });
  }

  received(at: number, reply: Reply, bytes: number, unsolicited: boolean): void {
    const event = { at, tls: this.tls, kind: 'received', lines: reply.raw, bytes } as const;
    this.events.push(unsolicited ? { ...event, unsolicited: true } : event);
  }

  /** Bytes that make no whole reply. */
  receivedPart(at: number, latin1: string): void {
    if (latin1 === '') return;
    const lines = latin1.replace(/\r?\n$/, '').split(/\r?\n/);
    this.events.push({ at, tls: this.tls, kind: 'received', lines, bytes: latin1.length });
  }

  secured(at: number, facts: TlsFacts): void {
    this.tls = true;
    this.events.push({ at, tls: true, kind: 'secured', facts });
  }

  hungUp(at: number): void {
    this.events.push({ at, tls: this.tls, kind: 'hung-up' });
  }

  left(at: number, how: 'closed' | 'reset'): void {
    this.events.push({ at, tls: this.tls, kind: 'left', how });
  }

  ended(at: number, ending: Ending): void {
    this.events.push({ at, tls: this.tls, kind: 'ended', ending });
  }

  /** The reply with our passwords blanked, should the host have repeated them. */
  blanked(reply: Reply): Reply {
    if (!this.#secrets) return reply;
    const raw = reply.raw.map((line) => line.slice(0, 4) + this.withoutSecrets(line.slice(4)));
    return raw.every((line, i) => line === reply.raw[i]) ? reply : replyFromLines(raw, reply.oddities);
  }

  get lastSent(): string {
    const command = this.#lastSent.at(-1);
    if (!command) return '';
    const octets = command.octets?.toString('latin1', Math.max(0, command.octets.length - quoted)) ?? '';
    return (command.bare ? octets : `${latin1Of(shownLine(command))}\r\n${octets}`).slice(-quoted);
  }

  /** Line ends are shown as CRLF, whatever they were. */
  get lastReceived(): string {
    let text = '';
    for (let i = this.events.length - 1; i >= 0 && text.length < quoted; i--) {
      const event = this.events[i];
      if (event?.kind !== 'received') continue;
      const part = event.lines.join('\r\n');
      const whole = event.bytes >= part.length + event.lines.length;
      text = `${part}${whole ? '\r\n' : ''}${text}`;
    }
    return text.slice(-quoted);
  }

  /** Text with our passwords blanked, also one that is cut off in the middle at its end. */
  withoutSecrets(text: string): string {
    return (this.#secrets ?? []).reduce((shown, secret) => {
      const whole = shown.replaceAll(secret, blank);
      for (let length = Math.min(secret.length - 1, whole.length); length >= shortestSecret; length--) {
        if (whole.endsWith(secret.slice(0, length))) return whole.slice(0, -length) + blank;
      }
      return whole;
    }, text);
  }
}

/** What `shown` has blanked. */
function hiddenOf({ line, shown = line }: Command): string {
  return line.slice(shown.lastIndexOf(blank) >= 0 ? shown.lastIndexOf(blank) : line.length);
}

/** The first lines of a message, a chunk or raw bytes. */
function linesOf(octets: Buffer): readonly string[] {
  const beginning = octets.toString('latin1', 0, keptOctets).replace(/\r\n$/, '');
  return beginning.split('\r\n').slice(0, keptLines);
}

/** Transcripts hold bytes as Latin-1 characters. */
function latin1Of(text: string): string {
  return /[^\x00-\x7f]/.test(text) ? Buffer.from(text).toString('latin1') : text;
}
