import type { z } from 'zod';
import type { Decision } from './decision.ts';
import type { Exchange, HostStage } from './exchange.ts';

/** Asks the rest of the chain. Answers at once unless something in it sleeps. */
export type Next = () => Decision | Promise<Decision>;

/** A deadline that a session runs into whatever is said: `idle` counts from the last command, `age` from accept. */
export interface SessionLimit {
  readonly counts: 'idle' | 'age';
  readonly after: number;
  readonly decision: Decision;
}

/** What is the matter with a certificate. `no-chain`: the one that signed it is not sent; `weak-key`: RSA with 1024 bits. */
export const certificateFaults = [
  'expired',
  'not-yet-valid',
  'wrong-name',
  'self-signed',
  'no-chain',
  'weak-key',
] as const;
export type CertificateFault = (typeof certificateFaults)[number];

export const tlsVersions = ['1.0', '1.1', '1.2', '1.3'] as const;

/** What comes instead of the server's half of the handshake. */
export interface HandshakeFault {
  readonly how: 'garbage' | 'close' | 'reset' | 'silence';
  /** So many bytes of what should have come go out before it. */
  readonly afterBytes?: number;
}

/** What is wrong with a host's TLS. */
export interface TlsTrouble {
  readonly certificate?: CertificateFault;
  readonly handshake?: HandshakeFault;
  /** The only version it speaks. */
  readonly version?: (typeof tlsVersions)[number];
}

/**
 * One small thing that a host does. It looks at an exchange and either decides or asks the rest of the chain;
 * order is composition. What a behaviour needs beyond that, it declares.
 */
export interface Behaviour {
  readonly name: string;
  /** The stages it wants to see. */
  readonly at: readonly HostStage[];
  /** Stands before all others, wherever it is named: it watches what they decide. */
  readonly outermost?: boolean;
  /** Also wants commands that break the rules, or `only` those; others never see them. */
  readonly seesFaults?: boolean | 'only';
  decide?(exchange: Exchange, next: Next): Decision | Promise<Decision>;
  readonly limits?: readonly SessionLimit[];
  readonly tls?: TlsTrouble;
  /** Ends the connection in the middle of a message, after so many bytes of it. */
  readonly cut?: { readonly afterBytes: number; readonly decision: Decision };
  /** What a bare LF inside a message ends. */
  readonly bareLineFeed?: 'line' | 'message';
  /** Login names and passwords. */
  readonly accounts?: ReadonlyMap<string, string>;
  /** A connection of this client has ended. */
  onClose?(exchange: Pick<Exchange, 'session' | 'memory'>): void;
}

/** A behaviour that profiles and scenarios can name, with what may be set about it. */
export interface BehaviourKind<S extends z.ZodType = z.ZodType> {
  readonly name: string;
  readonly options: S;
  create(options: z.output<S>): Behaviour;
}

/** Keeps the type of the options between schema and factory. */
export function behaviourKind<S extends z.ZodType>(kind: BehaviourKind<S>): BehaviourKind<S> {
  return kind;
}
