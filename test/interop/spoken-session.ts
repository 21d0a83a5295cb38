import { connect, type Socket } from 'node:net';
import { connect as secure } from 'node:tls';
import type { CommandSession, SaidStep } from './command-sessions.ts';

/** Longest wait for a reply, in ms; far more than any of the hosts takes. */
const patience = 8000;

/** What a step came to: a reply as its lines, `['closed']` or `['silent']`. */
export interface Heard {
  readonly step: string;
  readonly lines: readonly string[];
}

export interface Door {
  readonly port: number;
  /** The loopback address to come from. */
  readonly from?: string;
}

/** Has one session with the host on a loopback port. Ends when the host does, or when all is said. */
export async function speak({ port, from }: Door, session: CommandSession): Promise<readonly Heard[]> {
  const wire = new Wire(connect({ host: '127.0.0.1', port, ...(from ? { localAddress: from } : {}) }));
  try {
    if (session.early !== undefined) wire.write(`${session.early}\r\n`);
    const heard: Heard[] = [{ step: '(greeting)', lines: await wire.reply() }];
    if (session.early !== undefined) heard.push({ step: session.early, lines: await wire.reply() });
    for (const step of session.steps) {
      const last = heard.at(-1)?.lines ?? [];
      if (isEnd(last)) break;
      if (step.onlyAfter354 && !last[0]?.startsWith('354')) continue;
      heard.push(...(await sayTo(wire, step)));
    }
    return heard;
  } finally {
    wire.close();
  }
}

const isEnd = ([line]: readonly string[]): boolean => line === 'closed' || line === 'silent';

async function sayTo(wire: Wire, step: SaidStep): Promise<Heard[]> {
  for (let i = 1; i < step.times; i++) {
    wire.write(step.bytes);
    await wire.reply();
  }
  wire.write(step.bytes);
  const heard: Heard[] = [];
  for (let i = 0; i < step.replies; i++) {
    const lines = await wire.reply();
    heard.push({ step: step.replies > 1 ? `${step.title} (${i + 1})` : step.title, lines });
    if (isEnd(lines)) return heard;
  }
  if (step.title === 'STARTTLS' && heard[0]?.lines[0]?.startsWith('220')) wire.secure();
  if (/^(?:QUIT|\S*$)/.test(step.title) && /^[245]21/.test(heard[0]?.lines[0] ?? ''))
    heard.push({ step: `${step.title}, then`, lines: await wire.reply() });
  return heard;
}

/** Reads and writes one character for each byte. */
class Wire {
  #socket: Socket;
  #input = '';
  #ended = false;
  #wake: () => void = () => {};

  constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen();
  }

  write(bytes: string): void {
    this.#socket.write(bytes, 'latin1');
  }

  /** Goes on inside TLS. What the certificate is worth is other tests' business. */
  secure(): void {
    this.#socket.removeAllListeners('data');
    this.#socket = secure({ socket: this.#socket, rejectUnauthorized: false });
    this.#listen();
  }

  async reply(): Promise<readonly string[]> {
    const limit = AbortSignal.timeout(patience);
    for (;;) {
      const found = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/.exec(this.#input);
      if (found) {
        this.#input = this.#input.slice(found[0].length);
        return found[0].trimEnd().split('\r\n');
      }
      if (this.#ended) return ['closed'];
      if (limit.aborted) return ['silent'];
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
        limit.addEventListener('abort', () => resolve(), { once: true });
      });
    }
  }

  close(): void {
    this.#socket.destroy();
  }

  #listen(): void {
    this.#socket.on('data', (bytes: Buffer) => {
      this.#input += bytes.toString('latin1');
      this.#wake();
    });
    this.#socket.on('end', () => this.#end());
    this.#socket.on('close', () => this.#end());
    this.#socket.on('error', () => {});
  }

  #end(): void {
    this.#ended = true;
    this.#wake();
  }
}
