import type { Socket } from 'node:net';
import type { Resolver } from '../dns/resolver.ts';
import type { Clock } from '../time/clock.ts';

/** Where to connect to. `address` and `from` are IP addresses; `from` is our own end. */
export interface Destination {
  readonly address: string;
  readonly port: number;
  readonly from?: string;
}

/**
 * Opens a TCP connection. Rejects with an Error that carries a system `code` (ECONNREFUSED, EHOSTUNREACH, ETIMEDOUT)
 * where the other side or the path is to blame; any other rejection is ours and is passed on. When the signal fires
 * before the connection stands, it rejects; only time spent waiting for its turn does not count (`politely`). It may
 * wait on the clock, and must leave no time-out or Nagle's delay on the socket.
 */
export type Dial = (to: Destination, signal: AbortSignal) => Promise<Socket>;

/** The doors to the outside. Nothing in the probe reaches past them. */
export interface Environment {
  readonly clock: Clock;
  readonly resolver: Resolver;
  readonly dial: Dial;
  /** Numbers in [0, 1). */
  readonly random: () => number;
  /** Certificate authorities in PEM to trust, asked for when TLS begins. Without it, the well-known ones. */
  readonly authorities?: () => Promise<string | readonly string[]>;
}
