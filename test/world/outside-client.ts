import { once } from 'node:events';
import net, { type Socket } from 'node:net';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';

interface Door {
  readonly address: string;
  readonly port: number;
}

/** A program outside of the lab: it knows an address and a port and no more. Says what a test makes it say. */
export class OutsideClient {
  #socket: Socket;
  #input = '';
  #wake: () => void = () => {};
  ended: 'fin' | 'rst' | undefined;

  private constructor(socket: Socket) {
    this.#socket = socket;
    this.#listen(socket);
  }

  /** Connects, `from` an address of this machine where that is said; the greeting is the first thing to read. */
  static async to({ address, port }: Door, from?: string, early = ''): Promise<OutsideClient> {
    const socket = net.connect({ host: address, port, ...(from ? { localAddress: from } : {}) });
    const client = new OutsideClient(socket);
    onTestFinished(() => void socket.destroy());
    await once(socket, 'connect');
    if (early !== '') socket.write(early);
    return client;
  }

  /** The lines of the next reply; `['fin']` or `['rst']` at the end of the connection. */
  async reply(): Promise<string[]> {
    for (;;) {
      const found = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/.exec(this.#input);
      if (found) {
        this.#input = this.#input.slice(found[0].length);
        return found[0].trimEnd().split('\r\n');
      }
      if (this.ended) return [this.ended];
      await this.#more();
    }
  }

  say(line: string): Promise<string[]> {
    this.write(`${line}\r\n`);
    return this.reply();
  }

  /** Says one line after the other and gives the last line of each reply, that of the greeting first. */
  async talk(lines: readonly string[]): Promise<string[]> {
    const replies = [await this.reply()];
    for (const line of lines) {
      if (this.ended) break;
      replies.push(await this.say(line));
    }
    return replies.map((reply) => reply.at(-1) ?? '');
  }

  write(bytes: string | Buffer): void {
    if (typeof bytes === 'string') this.#socket.write(bytes, 'latin1');
    else this.#socket.write(bytes);
  }

  /** Resolves at the end of the connection. */
  async end(): Promise<'fin' | 'rst'> {
    while (!this.ended) await this.#more();
    return this.ended;
  }

  /** The client's half of a TLS handshake; the error's code where it fails. */
  async secure(options: tls.ConnectionOptions = { rejectUnauthorized: false }): Promise<string | undefined> {
    this.#socket.removeAllListeners('data').removeAllListeners('end');
    const secured = tls.connect({ socket: this.#socket, ...options });
    this.#input = '';
    this.#socket = secured;
    const failure = await new Promise<string | undefined>((resolve) => {
      secured.once('secureConnect', () => resolve(undefined));
      secured.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
      secured.once('close', () => resolve('closed'));
    });
    this.#listen(secured);
    return failure;
  }

  close(): void {
    this.#socket.end();
  }

  reset(): void {
    this.#socket.resetAndDestroy();
  }

  #more(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  #listen(socket: Socket): void {
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#input += text;
      this.#wake();
    });
    socket.on('error', (error: NodeJS.ErrnoException) =>
      this.#end(error.code === 'ECONNRESET' ? 'rst' : 'fin'),
    );
    socket.on('end', () => this.#end('fin'));
    socket.on('close', () => this.#end('fin'));
  }

  #end(how: 'fin' | 'rst'): void {
    this.ended ??= how;
    this.#wake();
  }
}

export const hello = 'EHLO probe.example.org';
export const mail = 'MAIL FROM:<ada@example.org>';
export const rcpt = 'RCPT TO:<bob@example.net>';
