import type { Path } from '../datafile/positions.ts';
import { replyText } from '../smtp/reply.ts';
import { fitsPattern, showPattern } from '../smtp/reply-pattern.ts';
import { formatDuration } from '../time/duration.ts';
import { confidenceWord } from '../verify/verification.ts';
import { judgeAlternatives } from './alternatives.ts';
import { describeBounds, holds } from './bounds.ts';
import { type Check, contains, endingOf } from './check.ts';
import { endingNames } from './expectation.ts';
import { describeConfidence, describeGrounds, describeVerdict, type Verified } from './verified.ts';
import type { AddressExpected, VerifyExpectation, VerifyExpected } from './verify-expectation.ts';

/** What a verify step came to, as far as an expectation can ask. */
export interface VerifyObserved {
  /** In the order of the step. */
  readonly verified: readonly Verified[];
  /** ms until the last verdict. */
  readonly elapsed: number;
  /** Made, or tried. */
  readonly connections: number;
}

/** Judges a verify step. Without an expectation every address must be deliverable. */
export function judgeVerified(expectation: VerifyExpectation | undefined, observed: VerifyObserved): Check[] {
  return judgeAlternatives(
    expectation ?? [deliverable],
    (expected, path) => judgeOne(expected, observed, path),
    {
      describe: describeExpected,
      found: observed.verified.map(found(observed.verified.length > 1)).join('; '),
    },
  );
}

const deliverable: VerifyExpected = { word: true, verdict: ['deliverable'] };

function judgeOne(
  expected: VerifyExpected,
  { verified, elapsed, connections }: VerifyObserved,
  path: Path,
): Check[] {
  const { addresses = {}, within, connections: wanted, 'at-least': least, ...each } = expected;
  const several = verified.length > 1;
  const rest = Object.keys(each).length > 0 || Object.keys(addresses).length === 0 ? each : deliverable;
  const named = new Map(Object.entries(addresses).map((entry) => [entry[0].trim(), entry]));
  const checks = verified.flatMap((one) => {
    const { address } = one.verification;
    const [key, own] = named.get(address.trim()) ?? []; // results have lost the spaces around it
    const inside = key === undefined ? path : [...path, 'addresses', key];
    const judged = judgeAddress(own ?? rest, one, inside);
    return several
      ? judged.map((check) => ({ ...check, expected: `${address}: ${check.expected}` }))
      : judged;
  });
  const check = (key: string, passed: boolean, expected: string, found: string): void => {
    checks.push({ passed, path: [...path, key], expected, found });
  };
  if (within !== undefined)
    check(
      'within',
      elapsed <= within,
      `within ${formatDuration(within)}`,
      `after ${formatDuration(elapsed)}`,
    );
  if (least !== undefined)
    check(
      'at-least',
      elapsed >= least,
      `at least ${formatDuration(least)}`,
      `after ${formatDuration(elapsed)}`,
    );
  if (wanted)
    check(
      'connections',
      holds(wanted, connections),
      `${describeBounds(wanted)} connections`,
      `${connections}`,
    );
  return checks;
}

/** `key` is that in the expectation, or the way to it. */
type Report = (key: string | Path, passed: boolean, wanted: string, found: string) => void;

function judgeAddress(expected: AddressExpected, one: Verified, path: Path): Check[] {
  const checks: Check[] = [];
  const check: Report = (key, passed, wanted, found) => {
    const inside = expected.word ? [] : [key].flat();
    checks.push({ passed, path: [...path, ...inside], expected: wanted, found });
  };
  checkVerdict(expected, one, check);
  checkAgain(expected, one, check);
  checkGrounds(expected, one, check);
  return checks;
}

function checkVerdict(expected: AddressExpected, one: Verified, check: Report): void {
  const { verification } = one;
  const { verdict, subReason, exists, confidence, catchAll } = verification;
  const { 'sub-reason': why, confidence: sure, controls = {} } = expected;
  if (expected.verdict)
    check('verdict', expected.verdict.includes(verdict), expected.verdict.join(' or '), found(false)(one));
  if (why)
    check('sub-reason', why.includes(subReason), `the sub-reason ${why.join(' or ')}`, found(false)(one));
  if (expected.exists)
    check(
      'exists',
      exists === expected.exists,
      `the mailbox exists: ${expected.exists}`,
      `${exists} (${found(false)(one)})`,
    );
  if (sure) {
    const held = 'word' in sure ? confidenceWord(confidence) === sure.word : holds(sure, confidence);
    const wanted = 'word' in sure ? sure.word : describeBounds(sure);
    check('confidence', held, `a confidence of ${wanted}`, describeConfidence(confidence));
  }
  for (const key of ['accepted', 'refused'] as const) {
    const wanted = controls[key];
    const count = catchAll?.controls[key] ?? 0;
    if (wanted)
      check(
        ['controls', key],
        holds(wanted, count),
        `controls ${key}: ${describeBounds(wanted)}`,
        `${count}`,
      );
  }
}

function checkAgain(
  { retryable, 'retryable-from': from, attempts }: AddressExpected,
  { verification, again }: Verified,
  check: Report,
): void {
  const when =
    again === undefined
      ? 'asking again changes nothing'
      : `worth asking again after ${formatDuration(again)}`;
  if (retryable !== undefined)
    check('retryable', (again !== undefined) === retryable, retryable ? 'worth asking again' : 'final', when);
  if (from)
    check(
      'retryable-from',
      again !== undefined && holds(from, again),
      `worth asking again after ${describeBounds(from, formatDuration)}`,
      when,
    );
  const { tries } = verification.evidence;
  if (attempts) check('attempts', holds(attempts, tries), `tries: ${describeBounds(attempts)}`, `${tries}`);
}

function checkGrounds(expected: AddressExpected, { verification }: Verified, check: Report): void {
  const { reply, ending, reason, stage } = verification.evidence;
  const { replies, text = [], note = [] } = expected;
  const grounds = describeGrounds(verification);
  if (replies)
    check(
      'reply',
      reply !== undefined && replies.some((pattern) => fitsPattern(pattern, reply)),
      replies.map(showPattern).join(' or '),
      grounds,
    );
  if (expected.ending)
    check(
      'ending',
      ending !== undefined && endingOf(ending) === expected.ending,
      `${expected.ending} (${endingNames[expected.ending]})`,
      grounds,
    );
  for (const [i, words] of text.entries())
    check(
      pathOf('text', text, i),
      reply !== undefined && contains(replyText(reply), words),
      `the text ${words}`,
      grounds,
    );
  if (expected.reason !== undefined)
    check('reason', reason === expected.reason, `the reason ${expected.reason}`, reason ?? grounds);
  if (expected.stage !== undefined)
    check(
      'stage',
      stage === expected.stage,
      `decided at ${expected.stage}`,
      stage === undefined ? grounds : `at ${stage}`,
    );
  const notes = verification.notes.join(' ');
  for (const [i, words] of note.entries())
    check(pathOf('note', note, i), contains(notes, words), `the note ${words}`, notes || 'no note');
}

const pathOf = (key: string, list: readonly unknown[], i: number): Path =>
  list.length > 1 ? [key, i] : [key];

const found =
  (named: boolean) =>
  ({ verification }: Verified): string => {
    const { address } = verification;
    return `${named ? `${address}: ` : ''}${describeVerdict(verification)}: ${describeGrounds(verification)}`;
  };

function describeExpected({ verdict, 'sub-reason': why, ...others }: VerifyExpected): string {
  const reasons = why?.join(' or ');
  if (!verdict) return reasons ?? keysIn(others).join(', ');
  return reasons === undefined ? verdict.join(' or ') : `${verdict.join(' or ')} (${reasons})`;
}

const keysIn = (expected: VerifyExpected): readonly string[] =>
  Object.entries(expected).flatMap(([key, value]) => (value === undefined ? [] : [key]));
