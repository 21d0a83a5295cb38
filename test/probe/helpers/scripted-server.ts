import net, { type AddressInfo, type Socket } from 'node:net';
import tls from 'node:tls';
import { seededRandom } from '../../../src/chance/seeded-random.ts';
import type { Resolver } from '../../../src/dns/resolver.ts';
import type { Zone } from '../../../src/dns/zone.ts';
import { ZoneResolver } from '../../../src/dns/zone-resolver.ts';
import type { Environment } from '../../../src/probe/environment.ts';
import { nextRound } from '../../../src/time/event-loop.ts';
import { VirtualClock } from '../../../src/time/virtual-clock.ts';

/** What a server does on one connection, from accept to end. */
export type Script = (peer: Peer) => Promise<void>;

export interface KeyPair {
  readonly key: string;
  readonly cert: string;
}

/** A client's connection as the server sees it. The clock is held except while the script waits for the client. */
export class Peer {
  /** Every line that came, in order. */
  readonly lines: string[] = [];
  /** Counts from 1 over the server's life. */
  readonly number: number;
  readonly raw: Socket;
  socket: Socket;
  readonly #clock: VirtualClock;
  readonly #client: () => Socket | undefined;
  #buffer = Buffer.alloc(0);
  #arrived: (() => void) | undefined;
  #gone = false;
  #release: () => void;

  constructor(raw: Socket, clock: VirtualClock, number: number, client: () => Socket | undefined) {
    this.raw = raw;
    this.socket = raw;
    this.number = number;
    this.#clock = clock;
    this.#client = client;
    this.#release = clock.hold();
    this.#listen(raw);
  }

  /** All that has come and was not read as a line yet. */
  get unread(): string {
    return this.#buffer.toString('latin1');
  }

  get gone(): boolean {
    return this.#gone;
  }

  /** Writes, and waits until the client has read it. */
  async say(text: string | Buffer): Promise<void> {
    if (this.#gone) return;
    this.socket.write(typeof text === 'string' ? Buffer.from(text, 'latin1') : text);
    while (!this.#gone && !this.#delivered()) await new Promise<void>(nextRound);
  }

  /** Writes each piece in a segment of its own. */
  async sayInPieces(text: string, cuts: readonly number[]): Promise<void> {
    let from = 0;
    for (const cut of [...cuts, text.length]) {
      if (cut > from) await this.say(text.slice(from, cut));
      from = Math.max(from, cut);
    }
  }

  /** The next line without its CRLF; empty when the client has gone. */
  async line(): Promise<string> {
    for (;;) {
      const end = this.#buffer.indexOf('\r\n');
      if (end >= 0) {
        const line = this.#buffer.toString('latin1', 0, end);
        this.#buffer = this.#buffer.subarray(end + 2);
        this.lines.push(line);
        return line;
      }
      if (this.#gone) return '';
      await this.#idle(() => this.#something());
    }
  }

  /** Exactly so many octets. */
  async octets(count: number): Promise<string> {
    while (this.#buffer.length < count && !this.#gone) {
      await this.#idle(() => this.#something());
    }
    const octets = this.#buffer.toString('latin1', 0, count);
    this.#buffer = this.#buffer.subarray(count);
    return octets;
  }

  sleep(ms: number): Promise<void> {
    return this.#idle(() => this.#clock.sleep(ms));
  }

  /** FIN behind what was said. */
  async fin(): Promise<void> {
    await new Promise<void>((resolve) => (this.#gone ? resolve() : this.socket.end(resolve)));
  }

  async rst(): Promise<void> {
    this.raw.resetAndDestroy();
    if (this.socket !== this.raw) this.socket.destroy();
  }

  /** Says nothing more until the client goes. */
  async silence(): Promise<void> {
    while (!this.#gone) await this.#idle(() => this.#something());
  }

  async starttls(pair: KeyPair, options: tls.SecureContextOptions = {}): Promise<void> {
    this.raw.removeAllListeners('data').removeAllListeners('end');
    const socket = new tls.TLSSocket(this.raw, {
      isServer: true,
      secureContext: tls.createSecureContext({ ...pair, ...options }),
    });
    this.socket = socket;
    this.#listen(socket);
    await new Promise<void>((resolve) =>
      socket
        .once('secure', resolve)
        .once('close', resolve)
        .once('error', () => resolve()),
    );
  }

  finished(): void {
    this.#release();
  }

  #something(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = resolve;
    });
  }

  #delivered(): boolean {
    const client = this.#client();
    return !client || client.destroyed || client.bytesRead >= this.raw.bytesWritten;
  }

  async #idle<T>(wait: () => Promise<T>): Promise<T> {
    this.#release();
    const result = await wait();
    this.#release = this.#clock.hold();
    return result;
  }

  #listen(socket: Socket): void {
    const leave = (): void => {
      this.#gone = true;
      this.#arrived?.();
    };
    socket.on('error', () => {});
    socket.on('data', (chunk: Buffer) => {
      this.#buffer = Buffer.concat([this.#buffer, chunk]);
      this.#arrived?.();
    });
    socket.on('end', leave);
    socket.on('close', leave);
  }
}

interface Options {
  readonly zone?: Zone;
  /** TLS before the greeting. */
  readonly implicit?: KeyPair;
  readonly clock?: VirtualClock;
}

/** A server on loopback that does what a script says, and an environment whose dial leads every address to it. */
export class ScriptedServer {
  readonly clock: VirtualClock;
  readonly peers: Peer[] = [];
  readonly environment: Environment;
  /** Addresses dialled, in order. */
  readonly dialled: string[] = [];
  /** What dialling an address rejects with, instead of connecting. */
  readonly failures = new Map<string, string>();
  /** The client's sockets, in order. */
  readonly clients: Socket[] = [];
  readonly #server: net.Server;
  readonly #unwatch: () => void;
  #failed: unknown;

  private constructor(server: net.Server, clock: VirtualClock, resolver: Resolver) {
    this.#server = server;
    this.clock = clock;
    this.environment = {
      clock,
      resolver,
      random: seededRandom(1),
      dial: (to, signal) => {
        this.dialled.push(to.address);
        const code = this.failures.get(to.address);
        if (code === 'silence')
          return new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason)));
        if (code !== undefined) return Promise.reject(Object.assign(new Error(code), { code }));
        return this.#connect();
      },
    };
    this.#unwatch = clock.watchWire(() => this.#inFlight());
  }

  static async start(
    script: Script,
    { zone = {}, implicit, clock = new VirtualClock() }: Options = {},
  ): Promise<ScriptedServer> {
    const server = net.createServer({ noDelay: true });
    const scripted = new ScriptedServer(server, clock, new ZoneResolver(zone, clock));
    server.on('connection', (socket) => {
      const client = (): Socket | undefined =>
        scripted.clients.find((c) => c.localPort === socket.remotePort);
      const peer = new Peer(socket, clock, scripted.peers.length + 1, client);
      scripted.peers.push(peer);
      const begun = implicit ? peer.starttls(implicit) : Promise.resolve();
      begun
        .then(() => script(peer))
        .catch((error: unknown) => (scripted.#failed ??= error))
        .finally(() => peer.finished());
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return scripted;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Lines of all connections. */
  get lines(): string[] {
    return this.peers.flatMap(({ lines }) => lines);
  }

  /** Ends everything. Throws what a script threw. */
  async close(): Promise<void> {
    this.#unwatch();
    for (const { raw } of this.peers) raw.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
    if (this.#failed !== undefined) throw this.#failed;
  }

  async #connect(): Promise<Socket> {
    const socket = net.connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('error', reject));
    this.clients.push(socket);
    return socket;
  }

  #inFlight(): number {
    let bytes = 0;
    for (const client of this.clients) {
      const peer = this.peers.find(({ raw }) => raw.remotePort === client.localPort);
      if (client.destroyed || !peer || peer.raw.destroyed) continue;
      bytes += client.bytesWritten - peer.raw.bytesRead + (peer.raw.bytesWritten - client.bytesRead);
    }
    return bytes;
  }
}
