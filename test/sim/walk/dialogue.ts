import type { Lab } from '../../../src/sim/lab.ts';
import { type Observation, type SaidAt, stageOf } from './observation.ts';
import { WireClient } from './wire-client.ts';

/** One thing a client does. */
export type Step =
  /** Says a line and reads the reply. */
  | string
  /** Says lines in one write and reads a reply to each. */
  | { readonly pipelined: readonly string[] }
  /** Sends a message, dot and all, if the host has asked for it. */
  | { readonly message: string }
  /** Sends a message of so many bytes, if the host has asked for it. */
  | { readonly messageOf: number }
  /** Answers a SASL challenge, if there is one. */
  | { readonly answer: string }
  /** STARTTLS, handshake, EHLO. */
  | { readonly tls: true }
  /** Says nothing and waits for what comes. */
  | { readonly idle: true }
  /** Lets time pass, ms. */
  | { readonly pause: number }
  /** So many more connections of the same client, all at the same time. */
  | { readonly crowd: number }
  /** The same again and again, until the connection ends or one of the replies refuses for good. */
  | { readonly repeat: readonly Step[]; readonly times: number };

/** What a client does in one connection. EHLO is one of the steps. */
export interface Dialogue {
  /** As a predicate: "asks for an unknown mailbox". */
  readonly name: string;
  readonly from?: string;
  /** A command said before the greeting. */
  readonly early?: string;
  /** The whole connection so many times, one after the other; the host remembers. */
  readonly rounds?: number;
  readonly steps: readonly Step[];
}

/** Where the one host of a lab listens. */
const hostAddress = '192.0.2.25';

/** Holds a dialogue, and says QUIT at the end of it. `named` is what the host called itself in its greeting. */
class Conversation {
  readonly seen: Observation[] = [];
  readonly #lab: Lab;
  readonly #dialogue: Dialogue;
  readonly #client: WireClient;
  readonly #others: WireClient[] = [];
  #last: Observation | undefined;
  #name = '';

  constructor(lab: Lab, dialogue: Dialogue, client: WireClient) {
    this.#lab = lab;
    this.#dialogue = dialogue;
    this.#client = client;
  }

  async hold(): Promise<void> {
    await this.#hear('connect');
    this.#name = /^220[ -](\S+)/.exec(this.#last?.lines[0] ?? '')?.[1] ?? '';
    if (this.#dialogue.early && !this.#client.ended) await this.#hear(stageOf(this.#dialogue.early));
    for (const step of this.#dialogue.steps) {
      if (this.#client.ended) break;
      await this.#take(step);
    }
    if (!this.#client.ended) await this.#take({ message: 'Subject: test' }); // QUIT would be part of one begun
    if (!this.#client.ended) await this.#take('QUIT');
    if (!this.#client.ended && /^[24]21/.test(this.#last?.lines[0] ?? '')) await this.#hear('idle');
    this.#client.hangUp();
    for (const other of this.#others) other.hangUp();
  }

  async #take(step: Step): Promise<void> {
    if (typeof step === 'string') return this.#say(step);
    if ('pipelined' in step) return this.#pipeline(step.pipelined);
    if ('message' in step) return this.#send(() => this.#client.write(`${step.message}\r\n.\r\n`));
    if ('messageOf' in step) return this.#send(() => this.#pour(step.messageOf));
    if ('answer' in step) return this.#asked(334) ? this.#say(step.answer, 'auth') : undefined;
    if ('tls' in step) return this.#secure();
    if ('idle' in step) return void (await this.#hear('idle'));
    if ('pause' in step) return this.#lab.clock.sleep(step.pause);
    if ('crowd' in step) return this.#crowd(step.crowd);
    for (let i = 0; i < step.times && !this.#client.ended; i++) {
      for (const inner of step.repeat) if (!this.#client.ended) await this.#take(inner);
    }
  }

  #asked(code: number): boolean {
    return this.#last?.lines.at(-1)?.startsWith(`${code}`) === true;
  }

  async #hear(stage: SaidAt): Promise<void> {
    const lines = await this.#client.reply();
    if (lines) {
      this.#last = { stage, lines, ending: 'none' };
      this.seen.push(this.#last);
    } else if (this.#client.ended) {
      if (this.#last) this.#last.ending = this.#client.ended;
    } else this.#client.hangUp(); // silent for good
  }

  async #say(line: string, stage: SaidAt = stageOf(line)): Promise<void> {
    const said = line.replace('{host}', this.#name);
    this.#client.write(`${said}\r\n`);
    await this.#hear(stage);
  }

  async #pipeline(lines: readonly string[]): Promise<void> {
    this.#client.write(lines.map((line) => `${line}\r\n`).join(''));
    for (const line of lines) {
      if (this.#client.ended) return;
      await this.#hear(stageOf(line));
      if (stageOf(line) === 'starttls' && this.#asked(220)) return void (await this.#client.secure());
      if (this.#asked(354) && line !== lines.at(-1)) return this.#hear('message'); // the rest was no command
    }
  }

  async #send(write: () => void | Promise<void>): Promise<void> {
    if (!this.#asked(354)) return;
    await write();
    await this.#hear('message');
  }

  async #pour(bytes: number): Promise<void> {
    const line = `${'x'.repeat(998)}\r\n`;
    const block = Buffer.from(line.repeat(1_000));
    this.#client.write('From: <ada@example.org>\r\nSubject: large\r\n\r\n');
    await this.#client.pour(block, Math.ceil(bytes / block.length));
    this.#client.write('.\r\n');
  }

  async #secure(): Promise<void> {
    await this.#say('STARTTLS');
    if (!this.#asked(220)) return;
    if (await this.#client.secure()) await this.#say('EHLO probe.example.org');
  }

  async #crowd(count: number): Promise<void> {
    for (let i = 0; i < count; i++) {
      const client = await WireClient.to(this.#lab, hostAddress, this.#dialogue.from);
      this.#others.push(client);
      const lines = await client.reply();
      if (!lines) continue;
      const last: Observation = { stage: 'connect', lines, ending: 'none' };
      this.seen.push(last);
      if (lines[0]?.startsWith('2')) continue;
      await client.reply();
      last.ending = client.ended ?? 'none';
      return;
    }
  }
}

/** Everything the host says in a dialogue. */
export async function hold(lab: Lab, dialogue: Dialogue): Promise<readonly Observation[]> {
  const seen: Observation[] = [];
  const early = dialogue.early === undefined ? '' : `${dialogue.early}\r\n`;
  for (let round = 0; round < (dialogue.rounds ?? 1); round++) {
    const client = await WireClient.to(lab, hostAddress, dialogue.from, early);
    const conversation = new Conversation(lab, dialogue, client);
    await conversation.hold();
    seen.push(...conversation.seen);
  }
  return seen;
}
