import net, { type Socket } from 'node:net';
import tls from 'node:tls';

/** In clear, under TLS from the first byte, or under TLS since STARTTLS. */
export type Door = 'in clear' | 'implicit TLS' | 'STARTTLS';

/** What the operating system told of the end: FIN is Node's `end`, RST its ECONNRESET. Nothing of SMTP is judged here. */
export interface WireEnd {
  readonly how: string;
  /** The codes of all replies before it. */
  readonly codes: readonly string[];
}

/** Says line after line, each when the reply to the one before is there, until the connection ends. */
class EndingClient {
  readonly ended: Promise<string>;
  readonly codes: string[] = [];
  #socket: Socket;
  #input = '';
  #wake: () => void = () => {};
  #finish: (how: string) => void = () => {};
  #over = false;

  constructor(socket: Socket) {
    this.#socket = socket;
    this.ended = new Promise((resolve) => {
      this.#finish = (how) => {
        this.#over = true;
        resolve(how);
        this.#wake();
      };
    });
    this.#listen();
  }

  #listen(): void {
    this.#socket.setEncoding('latin1');
    this.#socket.on('data', (text: string) => {
      this.#input += text;
      this.#wake();
    });
    this.#socket.on('end', () => this.#finish('end'));
    this.#socket.on('error', (error: NodeJS.ErrnoException) => this.#finish(error.code ?? error.message));
    this.#socket.on('close', () => this.#finish('close without end or error')); // a promise keeps its first answer
  }

  /** Whether a whole reply has come; false when the connection ended first. */
  async heard(): Promise<boolean> {
    for (;;) {
      const reply = /^(?:\d{3}-.*\r\n)*(\d{3})(?: .*)?\r\n/.exec(this.#input);
      if (reply) {
        this.#input = this.#input.slice(reply[0].length);
        this.codes.push(reply[1] ?? '');
        return true;
      }
      if (this.#over) return false;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  say(line: string): void {
    if (this.#socket.writable) this.#socket.write(`${line}\r\n`);
  }

  /** TLS over the same connection; what it ends with is the end of both. */
  async startTls(): Promise<void> {
    const plain = this.#socket;
    for (const event of ['data', 'end', 'close']) plain.removeAllListeners(event);
    this.#socket = tls.connect({ socket: plain, rejectUnauthorized: false });
    this.#listen();
    await Promise.race([
      new Promise<void>((resolve) => this.#socket.once('secureConnect', resolve)),
      this.ended,
    ]);
  }

  destroy(): void {
    this.#socket.destroy();
  }
}

/** Connects to a loopback port; resolves with the first bytes that come, which is to be the greeting. */
export async function heldOpen(port: number, door: Door): Promise<Socket> {
  const socket = connect(port, door);
  await new Promise<void>((resolve, reject) => socket.once('data', () => resolve()).once('error', reject));
  return socket;
}

/** Connects, says the lines, calls `saidAll` where the connection has outlived them, and tells how it ended. */
export async function endOf(
  port: number,
  door: Door,
  lines: readonly string[],
  saidAll: () => void,
): Promise<WireEnd> {
  const client = new EndingClient(connect(port, door));
  if (await converse(client, door, lines)) saidAll();
  const how = await client.ended;
  while (await client.heard()); // a last reply may stand before the end
  client.destroy();
  return { how, codes: client.codes };
}

async function converse(client: EndingClient, door: Door, lines: readonly string[]): Promise<boolean> {
  if (!(await client.heard())) return false;
  if (door === 'STARTTLS') {
    client.say('STARTTLS');
    if (!(await client.heard())) return false;
    if (client.codes.at(-1) === '503') {
      // Exim has not offered it before EHLO
      for (const line of ['EHLO probe.example.org', 'STARTTLS']) {
        client.say(line);
        if (!(await client.heard())) return false;
      }
    }
    await client.startTls();
  }
  for (const line of lines) {
    client.say(line);
    if (!(await client.heard())) return false;
  }
  return true;
}

function connect(port: number, door: Door): Socket {
  const to = { host: '127.0.0.1', port };
  return door === 'implicit TLS' ? tls.connect({ ...to, rejectUnauthorized: false }) : net.connect(to);
}
