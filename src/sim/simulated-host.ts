import type { AddressInfo, Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import { SMTPServer } from 'smtp-server';
import type { SMTPConnectionOptions } from 'smtp-server/lib/smtp-connection.js';
import type { Random } from '../chance/seeded-random.ts';
import type { Clock } from '../time/clock.ts';
import type { TlsTrouble } from './behaviour.ts';
import type { ConnectionHost } from './connection-host.ts';
import type { DialogueListener } from './host-dialogue.ts';
import { type HostSetup, setUpHost } from './host-setup.ts';
import { secureContextFor } from './host-tls.ts';
import { HostMemory } from './memory.ts';
import { PlannedFaults } from './planned-faults.ts';
import type { HostMember, HostOverrides, ProviderProfile } from './profile.ts';
import { SimulatedConnection } from './simulated-connection.ts';
import { compileTemplate, randomText } from './template.ts';

/** Longest timer that Node keeps, in ms: smtp-server's own idle limit is real time and must never strike. */
const never = 2 ** 31 - 1;

/** Connections that wait to be accepted, or as many as the system allows; of Node's 511 a crowd leaves none to others. */
const backlog = 4_096;

/** Where a host listens for programs from outside. Port 0 is a free one. */
export interface Door {
  readonly address: string;
  readonly port: number;
  /** They name their client in a PROXY v1 line first, too. */
  readonly proxied?: boolean;
}

export interface HostOptions {
  /** The name the host goes by: in its certificate and, unless the profile says otherwise, in its replies. */
  readonly name: string;
  readonly profile: ProviderProfile;
  readonly overrides?: HostOverrides;
  readonly clock: Clock;
  readonly random: Random;
  /** Shared by hosts of one provider; of its own when left out. */
  readonly memory?: HostMemory;
  /** Has a door on loopback at which every connection begins with a PROXY v1 line that names the client. */
  readonly proxied?: boolean;
  /** TLS from the first byte. RFC 8314 3.3 */
  readonly implicitTls?: boolean;
  /** The door for programs from outside. A free port on 127.0.0.1 unless said otherwise or `proxied`. */
  readonly listen?: Door;
  /** Told of every accepted socket before its first byte is read. */
  readonly onAccept?: (socket: Socket) => void;
  readonly listener?: DialogueListener;
  /** Numbers dialogues; each host counts its own when left out. */
  readonly nextDialogueId?: () => number;
}

/** A bearer token is refused by a challenge that says why; the 535 follows the empty line that answers it (Google's XOAUTH2). */
const bearerRefused = { data: { status: '401', schemes: 'bearer', scope: 'https://mail.google.com/' } };

/** smtp-server with connections of ours. */
class HostServer extends SMTPServer {
  readonly #makeConnection: (
    server: SMTPServer,
    socket: Socket,
    options: SMTPConnectionOptions,
  ) => SimulatedConnection;

  constructor(
    options: ConstructorParameters<typeof SMTPServer>[0],
    makeConnection: (
      server: SMTPServer,
      socket: Socket,
      options: SMTPConnectionOptions,
    ) => SimulatedConnection,
  ) {
    super(options);
    this.#makeConnection = makeConnection;
  }

  override connect(socket: Socket, options: SMTPConnectionOptions): void {
    if (socket.destroyed) return; // between accept and here the host was shut down, or the client left
    const connection = this.#makeConnection(this, socket, options);
    this.connections.add(connection);
    connection.on('error', () => {}); // a client that breaks off is nobody's error here
    connection.init();
  }

  /** The context that a connection was given stays, whatever name the client asks for. RFC 6066 3 */
  override _resolveSNI(_name: string, done: (error: Error | null) => void): void {
    done(null);
  }
}

/** A simulated receiving host: an smtp-server instance on loopback that behaves as its profile says. */
export class SimulatedHost implements ConnectionHost {
  readonly name: string;
  readonly provider: string;
  readonly clock: Clock;
  readonly memory: HostMemory;
  readonly random: Random;
  readonly situations: Set<string>;
  readonly #profile: ProviderProfile;
  readonly #overrides: HostOverrides;
  readonly #servers: readonly HostServer[];
  readonly #proxied: boolean;
  readonly #sockets = new Set<Socket>();
  /** Those that hang up are here until the client has hung up as well. */
  readonly #connections = new Set<SimulatedConnection>();
  #emptied: () => void = () => {};
  readonly label: string;
  readonly faults = new PlannedFaults();
  readonly listener: DialogueListener | undefined;
  readonly nextDialogueId: () => number;
  readonly implicitTls: boolean;
  readonly #certified: readonly string[];
  readonly #contexts = new Map<string, Promise<SecureContext>>();
  #visits = 0;
  /** One, or one for each member of a pool. */
  #setups: readonly HostSetup[];

  private constructor(options: HostOptions) {
    const { profile, overrides = {}, clock, random } = options;
    const named = overrides.situation ?? [];
    this.label = options.name;
    this.name = compileTemplate(profile.host ?? options.name).fill((part) => randomText(part, random));
    this.provider = profile.provider;
    this.clock = clock;
    this.random = random;
    this.memory = options.memory ?? new HostMemory();
    this.situations = new Set(Array.isArray(named) ? named : [named]);
    this.listener = options.listener;
    this.#profile = profile;
    this.#overrides = overrides;
    this.#setups = this.#setUp(this.situations);
    this.#proxied = options.proxied ?? false;
    this.implicitTls = options.implicitTls ?? false;
    this.#certified = [options.name, ...(options.listen ? localNames(options.listen.address) : [])];
    const outside = this.#proxied && !options.listen ? [] : [options.listen?.proxied ?? false];
    const doors = [...(this.#proxied ? [true] : []), ...outside];
    this.#servers = doors.map((proxied) => this.#createServer(options, proxied));
    let dialogues = 0;
    this.nextDialogueId = options.nextDialogueId ?? (() => ++dialogues);
  }

  /** Starts listening. Rejects with the system's error, such as EADDRINUSE; no door stands open then. */
  static async start(options: HostOptions): Promise<SimulatedHost> {
    const host = new SimulatedHost(options);
    const { listen = { address: '127.0.0.1', port: 0 } } = options;
    try {
      for (const [i, server] of host.#servers.entries()) {
        await listening(server, host.#proxied && i === 0 ? { address: '127.0.0.1', port: 0 } : listen);
      }
    } catch (error) {
      await host.close();
      throw error;
    }
    return host;
  }

  setupOf(member: number): HostSetup {
    return this.#setups[member] as HostSetup;
  }

  /** The member of a pool whose turn it is; 0 for a host that is none. */
  nextMember(): number {
    return this.#visits++ % this.#setups.length;
  }

  /** The address and port at which programs outside of the lab come; of a host without such a door, the lab's. */
  get address(): string {
    return this.#bound(-1).address;
  }

  get port(): number {
    return this.#bound(-1).port;
  }

  /** The port of the door that wants a PROXY line. */
  get labPort(): number {
    return this.#bound(0).port;
  }

  /** Switches a situation on or off; sessions under way feel it from their next command. Throws a TypeError on an unknown name. */
  switch(situation: string, on: boolean): void {
    const wanted = new Set(this.situations);
    if (on) wanted.add(situation);
    else wanted.delete(situation);
    this.#setups = this.#setUp(wanted);
    this.situations.clear();
    for (const name of wanted) this.situations.add(name);
  }

  /** What a handshake is made with; made once for each trouble. */
  secureContext(trouble: TlsTrouble): Promise<SecureContext> {
    const kind = `${trouble.certificate} ${trouble.version}`;
    const context = this.#contexts.get(kind) ?? secureContextFor(this.#certified, trouble);
    this.#contexts.set(kind, context);
    return context;
  }

  /** Ends all connections and stops listening. Resolves when every dialogue has been told to its end. */
  async close(): Promise<void> {
    const closed = this.#servers.map(
      (server) => new Promise<void>((resolve) => server.close(() => resolve())),
    );
    const told = new Promise<void>((resolve) => {
      this.#emptied = resolve;
      if (this.#connections.size === 0) resolve();
    });
    for (const connection of this.#connections) connection.abandon();
    for (const socket of this.#sockets) socket.destroy(); // those that smtp-server has not made connections of yet
    await Promise.all([...closed, told]);
  }

  left(connection: SimulatedConnection): void {
    this.#connections.delete(connection);
    if (this.#connections.size === 0) this.#emptied();
  }

  #bound(door: number): AddressInfo {
    return this.#servers.at(door)?.server.address() as AddressInfo;
  }

  #setUp(situations: ReadonlySet<string>): readonly HostSetup[] {
    const { pool = [{}], ...shared } = this.#overrides;
    return pool.map((member) => {
      const own = typeof member.situation === 'string' ? [member.situation] : (member.situation ?? []);
      const merged: HostMember = {
        accent: { ...shared.accent, ...member.accent },
        mailboxes: { ...shared.mailboxes, ...member.mailboxes },
        values: { ...shared.values, ...member.values },
        behaviours: [...(member.behaviours ?? []), ...(shared.behaviours ?? [])],
      };
      return setUpHost(this.#profile, [...situations, ...own], merged, [this.faults]);
    });
  }

  #createServer({ onAccept }: HostOptions, proxied: boolean): HostServer {
    const server = new HostServer(
      {
        name: this.name,
        logger: false,
        useProxy: proxied,
        disableReverseLookup: true,
        allowInsecureAuth: true,
        authMethods: ['PLAIN', 'LOGIN', 'CRAM-MD5', 'XOAUTH2'],
        socketTimeout: never,
        closeTimeout: never,
        noDelay: true,
        onAuth: (auth, session, callback) => {
          Object.assign(session, { login: auth.username }); // some hosts quote it when they refuse
          const password = this.setupOf(0).accounts.get(auth.username ?? '');
          const given = auth.password ?? auth.accessToken;
          const right =
            password !== undefined && (auth.challenge ? auth.validatePassword(password) : given === password);
          if (right) callback(null, { user: auth.username });
          else
            callback(null, auth.method === 'XOAUTH2' ? bearerRefused : { message: 'no', responseCode: 535 });
        },
      },
      (smtpServer, socket, options) => {
        const connection = new SimulatedConnection(smtpServer, socket, options, this);
        this.#connections.add(connection);
        return connection;
      },
    );
    server.on('error', () => {}); // what clients do to their sockets; `start` has its own listener
    if (onAccept) server.server.on('connection', onAccept);
    server.server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket);
      socket.once('close', () => this.#sockets.delete(socket));
    });
    return server;
  }
}

/** Names by which programs on this machine reach a door, so that they may check the certificate too. */
function localNames(address: string): string[] {
  if (/^(?:0\.0\.0\.0|::)$/.test(address)) return ['localhost', '127.0.0.1', '::1'];
  return /^127\.|^::1$/.test(address) ? ['localhost', address] : [address];
}

async function listening(
  server: HostServer,
  { address, port }: { address: string; port: number },
): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.server.once('error', reject);
    server.listen({ host: address, port, backlog }, () => {
      server.server.off('error', reject);
      resolve();
    });
  });
}
