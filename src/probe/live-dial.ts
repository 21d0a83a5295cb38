import net, { isIPv4, type Socket } from 'node:net';
import type { Clock } from '../time/clock.ts';
import type { Destination, Dial } from './environment.ts';
import { type PolitenessOptions, politely } from './politeness.ts';

/** Somebody asked for a host of the world without having said that this is wanted. */
export class NotLiveError extends Error {
  constructor(address: string) {
    super(`${address} is not on this machine, and real hosts are dialled only with --live.`);
    this.name = 'NotLiveError';
  }
}

/** Somebody asked to come from an address that this machine does not have. */
export class NotOursError extends Error {
  constructor(from: string) {
    super(`${from} is not an address of this machine, so nothing can be sent from it.`);
    this.name = 'NotOursError';
  }
}

export interface LiveDialOptions {
  readonly clock: Clock;
  /** Leave this machine. */
  readonly live?: boolean;
  /** How gently real hosts are called at. Hosts on this machine need no gentleness. */
  readonly politeness?: PolitenessOptions;
}

/**
 * Dials real addresses: those of this machine, and with `live` the world's. Takes a host name in place of an address. The
 * chunks that its sockets emit must be used at once: their memory is read into again.
 */
export function liveDial({ clock, live = false, politeness = {} }: LiveDialOptions): Dial {
  const world = politely(connect, clock, politeness);
  return (to, signal) => {
    if (isLoopback(to.address)) return connect(to, signal);
    return live ? world(to, signal) : Promise.reject(new NotLiveError(to.address));
  };
}

/** 127.0.0.0/8, ::1 and `localhost`. RFC 1122 3.2.1.3, RFC 4291 2.5.3, RFC 6761 6.3 */
export function isLoopback(host: string): boolean {
  const address = host.replace(/^::ffff:/i, '');
  return isIPv4(address) ? address.startsWith('127.') : /^(?:::1|localhost\.?)$/i.test(host);
}

/** Read into by all sockets in turn: a buffer of its own for every chunk would cost a tenth of a session's time. */
const chunks = Buffer.allocUnsafeSlow(65_536);

function connect({ address, port, from }: Destination, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = net.connect({
      host: address,
      port,
      noDelay: true,
      onread: {
        buffer: chunks,
        callback: (size, buffer) => {
          passOn(socket, (buffer as Buffer).subarray(0, size));
          return true;
        },
      },
      ...(from === undefined ? {} : { localAddress: from }),
    });
    const settle = (settled: () => void): void => {
      signal.removeEventListener('abort', giveUp);
      socket.off('connect', connected).off('error', failed);
      settled();
    };
    const connected = (): void => settle(() => resolve(socket));
    const failed = (error: NodeJS.ErrnoException): void => {
      settle(() => reject(error.syscall === 'bind' && from !== undefined ? new NotOursError(from) : error));
    };
    const giveUp = (): void => {
      settle(() => reject(signal.reason));
      socket.destroy();
    };
    if (signal.aborted) return giveUp();
    signal.addEventListener('abort', giveUp);
    socket.on('connect', connected).on('error', failed);
  });
}

/** Gives a chunk to who listens; it is theirs until they return. Kept as a copy while nobody does. */
function passOn(socket: Socket, chunk: Buffer): void {
  if (socket.readableFlowing && socket.readableLength === 0) socket.emit('data', chunk);
  else socket.push(Buffer.from(chunk));
}
