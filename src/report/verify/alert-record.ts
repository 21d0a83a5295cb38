import type { Alert } from '../../verify/list/alerts.ts';
import { redact } from './redact.ts';
import { rowOf } from './row.ts';

/** An alert as hooks are told of it. Keys are written as in rows. */
export interface AlertRecord {
  /** The threshold as it was written. */
  readonly alert: string;
  readonly state: 'raised' | 'cleared';
  readonly what: string;
  readonly count: number;
  readonly of: number;
  /** `count / of`. */
  readonly share: number;
  /** ISO 8601. */
  readonly at: string;
  /** The result with which it came to this. */
  readonly latest: {
    readonly address: string;
    readonly verdict: string;
    readonly sub_reason: string;
    readonly host: string | null;
    readonly code: number | null;
    readonly text: string | null;
  };
}

/** `redacted`: nobody's name is in it. */
export function alertRecord(
  { state, threshold, count, of, at, latest }: Alert,
  { redacted }: { readonly redacted: boolean },
): AlertRecord {
  const { address, verdict, sub_reason, host, code, text } = rowOf(0, redacted ? redact(latest) : latest);
  return {
    alert: threshold.text,
    state,
    what: threshold.what,
    count,
    of,
    share: of === 0 ? 0 : Math.round((count / of) * 10_000) / 10_000,
    at: new Date(at).toISOString(),
    latest: { address, verdict, sub_reason, host, code, text },
  };
}
