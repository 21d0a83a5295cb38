import type { Ending } from '../transcript/ending.ts';
import { type Command, shownLine } from './command.ts';
import type { Recorder } from './recorder.ts';
import type { TlsFailure } from './tls-handshake.ts';
import type { Loss } from './wire.ts';

/** What a conversation breaks off with, before it is known at which stage. */
export type Break =
  | Loss
  | TlsFailure
  | { readonly kind: 'disconnected'; readonly how: 'closed' | 'reset'; readonly unsolicited: true }
  | { readonly kind: 'timed-out'; readonly after: number }
  | { readonly kind: 'misspoke'; readonly why: string; readonly bytes: string }
  | Unreachable;

interface Unreachable {
  readonly kind: 'unreachable';
  readonly why: 'refused' | 'no-route' | 'timed-out';
  readonly code: string;
}

/** The ending of a conversation, with what was under way. */
export function endingOf(
  loss: Break,
  command: Command | undefined,
  recorder: Recorder,
  elapsed: number,
): Ending {
  const line = command ? shownLine(command) : '';
  return {
    ...loss,
    stage: command?.stage ?? 'command',
    ...(line === '' ? {} : { command: line }),
    lastSent: recorder.lastSent,
    lastReceived: recorder.lastReceived,
    elapsed,
    tls: recorder.tls,
  };
}

/** System errors that are the path's or the other side's doing. */
const unreachable: Readonly<Record<string, Unreachable['why']>> = {
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'timed-out',
  EHOSTUNREACH: 'no-route',
  ENETUNREACH: 'no-route',
  EHOSTDOWN: 'no-route',
  ENETDOWN: 'no-route',
  EADDRNOTAVAIL: 'no-route', // an IPv6 address on a machine without IPv6
  EAFNOSUPPORT: 'no-route',
  EACCES: 'no-route',
  EPERM: 'no-route', // a local firewall
};

/** What a dial can fail with. */
export type DialFailure = Unreachable | { readonly kind: 'disconnected'; readonly how: 'reset' };

/** Why a dial failed, or undefined where our own surroundings are to blame. */
export function dialFailureOf(error: unknown): DialFailure | undefined {
  const { code, syscall } = error as NodeJS.ErrnoException;
  // The connection stood, and was reset before we looked: what refuses a connection shows as ECONNREFUSED.
  if (code === 'ECONNRESET') return { kind: 'disconnected', how: 'reset' };
  const why = code === undefined || syscall === 'bind' ? undefined : unreachable[code];
  return why && code !== undefined ? { kind: 'unreachable', why, code } : undefined;
}
