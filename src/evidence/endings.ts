import { type Stage, stageFacts } from '../smtp/stage.ts';
import type { Ending } from '../transcript/ending.ts';
import type { Transcript } from '../transcript/transcript.ts';
import type { Loss } from './finding.ts';

/** An ending of which a log tells no more than stage and manner. */
export function lossAt(stage: Stage, how: Loss, after?: number): Ending {
  const circumstances = bare(stage);
  if (how !== 'timed-out') return { kind: 'disconnected', how, ...circumstances };
  return { kind: 'timed-out', after: after ?? stageFacts[stage].patience, ...circumstances };
}

/** Why no connection came about, from the words of the operating system; `undefined` for other words. */
export function missOf(words: string): Ending | undefined {
  if (/(?:^|[^e])refused|ECONNREFUSED/i.test(words))
    return { kind: 'unreachable', why: 'refused', code: 'ECONNREFUSED', ...bare('connect') };
  if (/timed out|timeout/i.test(words))
    return { kind: 'unreachable', why: 'timed-out', code: 'ETIMEDOUT', ...bare('connect') };
  if (/no route|unreachable/i.test(words))
    return { kind: 'unreachable', why: 'no-route', code: 'EHOSTUNREACH', ...bare('connect') };
  return undefined;
}

export function tlsFailure(why: string): Ending {
  const code = /self.signed/i.test(why)
    ? 'DEPTH_ZERO_SELF_SIGNED_CERT'
    : /expired/i.test(why)
      ? 'CERT_HAS_EXPIRED'
      : /wrong version/i.test(why)
        ? 'ERR_SSL_WRONG_VERSION_NUMBER'
        : /reset|lost|closed|EOF/i.test(why)
          ? 'ECONNRESET'
          : /issuer|unable to get|untrusted|not trusted|unverified/i.test(why)
            ? 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'
            : /mismatch|not match|name/i.test(why)
              ? 'ERR_TLS_CERT_ALTNAME_INVALID'
              : 'ERR_SSL_HANDSHAKE_FAILURE';
  return { kind: 'tls-failed', code, why, ...bare('starttls') };
}

function bare(stage: Stage): {
  stage: Stage;
  lastSent: string;
  lastReceived: string;
  elapsed: number;
  tls: boolean;
} {
  return { stage, lastSent: '', lastReceived: '', elapsed: 0, tls: false };
}

/** The little of a session that a log tells: with whom it was. */
export function sessionWith(host: string, address = '', port = 25): Transcript {
  return { host, events: [{ at: 0, tls: false, kind: 'connected', host, address, port }] };
}
