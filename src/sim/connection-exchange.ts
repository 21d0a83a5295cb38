import type { Exchange } from './exchange.ts';
import type { HostSetup, HostSurroundings } from './host-setup.ts';
import type { HostMemory } from './memory.ts';
import type { Command, ProtocolFault } from './protocol.ts';
import type { SessionState } from './session-state.ts';

/** What the connection lends an exchange besides the session's facts. */
export interface Lent {
  readonly input: Pick<Exchange, 'inputWaiting' | 'bareLineEnd'> | undefined;
  say(line: string): void;
}

/** A message, or as much of it as is kept. */
export interface Received {
  readonly kept: Buffer;
  readonly bytes: number;
}

const nothingLent: Lent = { input: undefined, say: () => {} };

/** An exchange as behaviours see it. */
export class ConnectionExchange implements Exchange {
  readonly stage: Exchange['stage'];
  readonly verb: string;
  readonly argument: string;
  readonly address: string;
  readonly fault: ProtocolFault | undefined;
  readonly message: Buffer | undefined;
  readonly messageBytes: number;
  readonly inputWaiting: boolean;
  readonly bareLineEnd: boolean;
  readonly session: SessionState;
  readonly memory: HostMemory;
  readonly mailboxState: (address: string) => string;
  readonly #lent: Lent;
  readonly #host: HostSurroundings;

  constructor(
    command: Command,
    session: SessionState,
    { host, setup }: { readonly host: HostSurroundings; readonly setup: HostSetup },
    message?: Received,
    lent: Lent = nothingLent,
  ) {
    this.stage = command.stage;
    this.verb = command.verb;
    this.argument = command.argument;
    this.address = command.address;
    this.fault = command.fault;
    this.message = message?.kept;
    this.messageBytes = message?.bytes ?? 0;
    this.inputWaiting = lent.input?.inputWaiting ?? false;
    this.bareLineEnd = lent.input?.bareLineEnd ?? false;
    this.session = session;
    this.memory = host.memory;
    this.mailboxState = setup.mailboxState;
    this.#lent = lent;
    this.#host = host;
  }

  get now(): number {
    return this.#host.clock.now();
  }

  say(line: string): void {
    this.#lent.say(line);
  }

  random(): number {
    return this.#host.random();
  }

  sleep(delay: number): Promise<void> {
    return this.#host.clock.sleep(delay);
  }
}
