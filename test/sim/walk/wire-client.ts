import type { Socket } from 'node:net';
import tls from 'node:tls';
import type { Lab } from '../../../src/sim/lab.ts';
import type { Clock } from '../../../src/time/clock.ts';

/** So long a client waits for a reply before it takes the host for silent, ms of the lab's clock. */
const patience = 3 * 3_600_000;

/** Sees what a socket shows and no more: replies, FIN, RST. One character is one byte. */
export class WireClient {
  #socket: Socket;
  readonly #clock: Clock;
  #input = '';
  #wake: () => void = () => {};
  ended: 'fin' | 'rst' | undefined;

  private constructor(socket: Socket, clock: Clock) {
    this.#socket = socket;
    this.#clock = clock;
    this.#listen(socket);
  }

  /** Connects; `early` is said before the host has said anything. */
  static async to(lab: Lab, address: string, from?: string, early = ''): Promise<WireClient> {
    const signal = new AbortController().signal;
    const socket = await lab.dial({ address, port: 25, ...(from ? { from } : {}) }, signal);
    const client = new WireClient(socket, lab.clock);
    if (early !== '') socket.write(early, 'latin1');
    return client;
  }

  /** The lines of the next reply; `undefined` when the connection has ended, or the host stays silent. */
  async reply(): Promise<string[] | undefined> {
    let silent = false;
    const alarm = this.#clock.alarm(patience, () => {
      silent = true;
      this.#wake();
    });
    try {
      for (;;) {
        const found = /^(?:\d{3}-.*\r\n)*\d{3}(?: .*)?\r\n/.exec(this.#input);
        if (found) {
          this.#input = this.#input.slice(found[0].length);
          return found[0].slice(0, -2).split('\r\n');
        }
        if (this.ended || silent) return undefined;
        await new Promise<void>((resolve) => {
          this.#wake = resolve;
        });
      }
    } finally {
      alarm.cancel();
    }
  }

  write(bytes: string): void {
    if (!this.ended) this.#socket.write(bytes, 'latin1');
  }

  /** Writes the same block so many times, no faster than it is taken. */
  async pour(block: Buffer, times: number): Promise<void> {
    for (let i = 0; i < times && !this.ended; i++) {
      if (this.#socket.write(block)) continue;
      await new Promise<void>((resolve) => {
        const done = (): void => {
          this.#socket.off('drain', done).off('close', done);
          resolve();
        };
        this.#socket.once('drain', done).once('close', done);
      });
    }
  }

  /** The client's half of a TLS handshake; `false` when there is none to be had. */
  async secure(): Promise<boolean> {
    const release = this.#clock.hold();
    this.#socket.removeAllListeners('data').removeAllListeners('end');
    const secured = tls.connect({ socket: this.#socket, rejectUnauthorized: false });
    const done = await new Promise<boolean>((resolve) => {
      secured.once('secureConnect', () => resolve(true)).once('close', () => resolve(false));
      secured.once('error', () => resolve(false));
    });
    release();
    this.#socket = secured;
    this.#input = '';
    this.#listen(secured);
    return done;
  }

  hangUp(): void {
    this.ended ??= 'fin';
    this.#socket.destroy();
  }

  #listen(socket: Socket): void {
    socket.setEncoding('latin1');
    socket.on('data', (text: string) => {
      this.#input += text;
      this.#wake();
    });
    socket.on('end', () => this.#end('fin'));
    socket.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ECONNRESET') this.#end('rst');
    });
    socket.on('close', () => this.#end('fin'));
  }

  #end(how: 'fin' | 'rst'): void {
    this.ended ??= how;
    this.#wake();
  }
}
