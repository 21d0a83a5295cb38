import type { Reply } from '../smtp/reply.ts';
import { type Stage, stageFacts } from '../smtp/stage.ts';

/** What every way to lose a connection tells: where it happened and what was under way. */
interface Circumstances {
  readonly stage: Stage;
  /** The command in flight, as sent and without its line end; passwords blanked. Absent before the first. */
  readonly command?: string;
  /** The last bytes sent and received, at most 80 each, as Latin-1; passwords blanked. */
  readonly lastSent: string;
  readonly lastReceived: string;
  /** ms since the command in flight was sent, or since the dial. */
  readonly elapsed: number;
  readonly tls: boolean;
}

/** Facts about the certificate that the other side showed. Names and dates only: enough to say what is wrong. */
export interface CertificateFacts {
  readonly subject: string;
  readonly issuer: string;
  readonly altNames: string;
  /** ISO dates. */
  readonly validFrom: string;
  readonly validTo: string;
}

/** How a connection ended without the reply that was due. All of it is the other side's doing, or the path's. */
export type Ending = Circumstances &
  (
    | {
        readonly kind: 'disconnected';
        readonly how: 'closed' | 'reset';
        /** Nothing was due: the other side had hung up before the command could be sent, or while we listened. */
        readonly unsolicited?: true;
      }
    | { readonly kind: 'timed-out'; readonly after: number }
    | { readonly kind: 'misspoke'; readonly why: string; readonly bytes: string }
    | {
        readonly kind: 'unreachable';
        readonly why: 'refused' | 'no-route' | 'timed-out';
        readonly code: string;
      }
    | {
        readonly kind: 'tls-failed';
        /** OpenSSL's or Node's code, such as `CERT_HAS_EXPIRED` or `ECONNRESET`. */
        readonly code: string;
        readonly why: string;
        readonly certificate?: CertificateFacts;
      }
  );

/** What one command got. */
export type Answer =
  | {
      readonly kind: 'reply';
      readonly stage: Stage;
      readonly reply: Reply;
      /** ms since the command was sent. */
      readonly elapsed: number;
      /** It had come before the command could be sent, or while we listened: not an answer to it. RFC 5321 3.8 */
      readonly unsolicited?: true;
    }
  | Ending;

/** How a whole dialogue went: completed, refused by a reply, or broken off. */
export type Outcome =
  | { readonly kind: 'completed'; readonly stage: Stage; readonly reply: Reply }
  | { readonly kind: 'refused'; readonly stage: Stage; readonly reply: Reply }
  | Ending;

/** What a failure spoils: this recipient, this transaction, or every try at this host. */
export function reachOf(outcome: Outcome): 'recipient' | 'transaction' | 'host' {
  if (outcome.kind !== 'refused') return 'host';
  if (outcome.reply.code === 421) return 'host'; // the server is leaving, whatever it was asked. RFC 5321 3.8
  if (outcome.stage === 'rcpt') return 'recipient';
  return outcome.stage === 'mail' || outcome.stage === 'data' || outcome.stage === 'message'
    ? 'transaction'
    : 'host';
}

/** The ending in one phrase, the same shape everywhere: `closed the connection in reply to MAIL FROM`. */
export function describeEnding(ending: Ending): string {
  const { said, doing } = stageFacts[ending.stage];
  switch (ending.kind) {
    case 'disconnected':
      return `${ending.how} the connection ${ending.unsolicited ? 'unasked' : `in reply to ${said}`}`;
    case 'timed-out':
      return `said nothing while we were ${doing}`;
    case 'misspoke':
      return `sent ${ending.why} in reply to ${said}`;
    case 'unreachable':
      return {
        refused: 'refused the connection',
        'no-route': 'cannot be reached',
        'timed-out': 'did not answer our connection',
      }[ending.why];
    case 'tls-failed':
      return `failed the TLS handshake: ${ending.why}`;
    default:
      return ending satisfies never;
  }
}
