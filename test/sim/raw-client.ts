import type { Socket } from 'node:net';
import tls from 'node:tls';
import type { Lab } from '../../src/sim/lab.ts';

/** A client that knows no SMTP: it says what a test makes it say. Reads and writes one byte for each character. */
export class RawClient {
  readonly #socket: Socket;
  #input = '';
  #ended = false;
  #wake: () => void = () => {};

  private constructor(socket: Socket) {
    this.#socket = socket;
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#input += text;
      this.#wake();
    });
    socket.on('close', () => {
      this.#ended = true;
      this.#wake();
    });
    socket.on('error', () => {});
  }

  /** Connects; the greeting is the first thing to read. */
  static async to(lab: Lab, address: string, from?: string): Promise<RawClient> {
    const signal = new AbortController().signal;
    return new RawClient(await lab.dial({ address, port: 25, ...(from ? { from } : {}) }, signal));
  }

  /** The lines of the next reply, or `['closed']` at the end of the connection. */
  async reply(): Promise<string[]> {
    for (;;) {
      const found = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/.exec(this.#input);
      if (found) {
        this.#input = this.#input.slice(found[0].length);
        return found[0].trimEnd().split('\r\n');
      }
      if (this.#ended) return ['closed'];
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Sends a line and reads what comes back. */
  say(line: string): Promise<string[]> {
    return this.send(`${line}\r\n`);
  }

  /** Sends bytes as they are, one for each character, and reads what comes back. */
  send(bytes: string): Promise<string[]> {
    this.#socket.write(bytes, 'latin1');
    return this.reply();
  }

  /** Sends bytes as they are and reads nothing. */
  write(bytes: string): void {
    this.#socket.write(bytes, 'latin1');
  }

  /** The client's half of a TLS handshake. */
  async secure(): Promise<void> {
    this.#socket.removeAllListeners('data');
    const secured = tls.connect({ socket: this.#socket, rejectUnauthorized: false });
    await new Promise<void>((resolve, reject) =>
      secured.once('secureConnect', resolve).once('error', reject),
    );
    secured.on('error', () => {});
  }

  close(): void {
    this.#socket.destroy();
  }
}

/** Runs a dialogue over one connection: the greeting and the reply to each line, up to the end of the connection. */
export async function talk(
  lab: Lab,
  address: string,
  lines: readonly string[],
  from?: string,
): Promise<string[][]> {
  const client = await RawClient.to(lab, address, from);
  const replies = [await client.reply()];
  for (const line of lines) {
    if (replies.at(-1)?.[0] === 'closed') break;
    replies.push(await client.say(line));
  }
  client.close();
  return replies;
}
