import type { CertificateFacts, Ending } from './ending.ts';

/** The TLS session as negotiated. */
export interface TlsFacts {
  readonly protocol: string;
  readonly cipher: string;
  /** False when the certificate does not prove the name; `why` says what is wrong with it. Absent: only the client knows. */
  readonly trusted?: boolean;
  readonly why?: string;
  readonly certificate?: CertificateFacts;
}

/** One thing that happened on a connection. `at` is the clock's time in ms. */
export type TranscriptEvent = { readonly at: number; readonly tls: boolean } & (
  | { readonly kind: 'connected'; readonly host: string; readonly address: string; readonly port: number }
  /** Lines without their ends, as Latin-1. A message is shortened to its first lines; `bytes` counts all. */
  | { readonly kind: 'sent'; readonly lines: readonly string[]; readonly bytes: number }
  | {
      readonly kind: 'received';
      readonly lines: readonly string[];
      readonly bytes: number;
      /** A whole reply that nobody had asked for, such as a 421 to an idle client. */
      readonly unsolicited?: true;
    }
  | { readonly kind: 'secured'; readonly facts: TlsFacts }
  /** We hung up. */
  | { readonly kind: 'hung-up' }
  /** The other side hung up with nothing due. */
  | { readonly kind: 'left'; readonly how: 'closed' | 'reset' }
  | { readonly kind: 'ended'; readonly ending: Ending }
);

/** Everything that happened on one connection, in order. */
export interface Transcript {
  readonly host: string;
  readonly from?: string;
  readonly events: readonly TranscriptEvent[];
}
