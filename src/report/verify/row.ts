import { replyText } from '../../smtp/reply.ts';
import { escapeControls } from '../../text/escape.ts';
import type { Verification } from '../../verify/verification.ts';
import type { Verdict } from '../../verify/vocabulary.ts';

/** The verdict, but for those of whom no host has said anything. */
export type RowClass = Verdict | 'not-answered';

/** One result as lists write it. Keys as in the vocabulary of verdicts; times are ISO 8601, absent values null. */
export interface VerifyRow {
  /** Where the address stands in the list, from 1. */
  readonly n: number;
  readonly address: string;
  readonly class: RowClass;
  readonly verdict: Verdict;
  readonly sub_reason: string;
  readonly exists: string;
  readonly confidence: number;
  readonly retryable: boolean;
  readonly retryable_from: string | null;
  readonly stage: string | null;
  readonly host: string | null;
  readonly ip: string | null;
  readonly code: number | null;
  readonly enhanced: string | null;
  readonly text: string | null;
  /** What happened instead of a reply. */
  readonly event: string | null;
  readonly reason: string | null;
  readonly rule: string;
  readonly catch_all: number | null;
  readonly controls: readonly {
    readonly address: string;
    readonly result: string;
    readonly code: number | null;
  }[];
  readonly tries: number;
  readonly seconds: number;
  readonly expires: string;
  readonly notes: readonly string[];
  /** It is from a cache; `age` is how old it is, in seconds. */
  readonly cached: boolean;
  readonly age: number | null;
}

/** Most of a reply or of what was no address that a row repeats. */
const mostText = 500;

export function rowOf(n: number, { evidence, ...found }: Verification): VerifyRow {
  const { reply } = evidence;
  return {
    n,
    address: escapeControls(cut(found.address)), // as given, so that it is found again
    class: classOf({ evidence, ...found }),
    verdict: found.verdict,
    sub_reason: found.subReason,
    exists: found.exists,
    confidence: rounded(found.confidence),
    retryable: found.retryableFrom !== undefined,
    retryable_from: found.retryableFrom === undefined ? null : iso(found.retryableFrom),
    stage: evidence.stage ?? null,
    host: evidence.host ?? null,
    ip: evidence.ip ?? null,
    code: reply?.code ?? null,
    enhanced: reply?.enhanced ?? null,
    text: reply ? shown(replyText(reply)) : null,
    event: evidence.event ?? null,
    reason: evidence.reason ?? null,
    rule: evidence.rule,
    catch_all: found.catchAll ? rounded(found.catchAll.probability) : null,
    controls: evidence.controls.map(({ address, result, reply: own }) => ({
      address,
      result,
      code: own?.code ?? null,
    })),
    tries: evidence.tries,
    seconds: rounded(evidence.elapsed / 1_000),
    expires: iso(found.expires),
    notes: found.notes.map(shown),
    cached: found.cached !== undefined,
    age: found.cached ? Math.round(found.cached.age / 1_000) : null,
  };
}

/** Nobody has answered: the question was not put, or nothing came back. */
function classOf({ verdict, evidence }: Pick<Verification, 'verdict' | 'evidence'>): RowClass {
  const silent = evidence.reply === undefined && evidence.event !== 'smtputf8-unsupported';
  return verdict === 'unknown' && silent ? 'not-answered' : verdict;
}

/** The columns of a CSV file; what a row has several of is counted or joined. */
export const csvColumns = [
  'n',
  'address',
  'class',
  'verdict',
  'sub_reason',
  'exists',
  'confidence',
  'retryable_from',
  'stage',
  'host',
  'ip',
  'code',
  'enhanced',
  'text',
  'event',
  'reason',
  'rule',
  'catch_all',
  'tries',
  'seconds',
  'expires',
  'notes',
  'cached',
  'age',
] as const satisfies readonly (keyof VerifyRow)[];

export function csvRecord(row: VerifyRow): readonly string[] {
  return csvColumns.map((column) => {
    const value = row[column];
    return Array.isArray(value) ? value.join(' ') : value === null ? '' : `${value}`;
  });
}

const cut = (text: string): string => (text.length <= mostText ? text : `${text.slice(0, mostText)}...`);

const shown = (text: string): string => escapeControls(cut(text).replace(/\s+/g, ' ').trim());

const rounded = (value: number): number => Math.round(value * 10_000) / 10_000;

const iso = (ms: number): string => new Date(ms).toISOString();
