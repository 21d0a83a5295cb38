import type { Path } from '../datafile/positions.ts';
import type { Capabilities } from '../smtp/capabilities.ts';
import { isPositive, type Reply, replyCodes, replyText } from '../smtp/reply.ts';
import { fitsPattern, showPattern } from '../smtp/reply-pattern.ts';
import { showBytes } from '../text/escape.ts';
import { formatDuration } from '../time/duration.ts';
import { type Answer, describeEnding, type Ending, type Outcome } from '../transcript/ending.ts';
import type { TlsFacts } from '../transcript/transcript.ts';
import { judgeAlternatives } from './alternatives.ts';
import { type EndingName, type Expectation, type Expected, endingNames, regexSource } from './expectation.ts';

/** What a step came to, as far as an expectation can ask. */
export interface Observed {
  readonly result: Answer | Outcome | { readonly kind: 'no-host' | 'withheld'; readonly why: string };
  /** ms from the command to its answer. */
  readonly elapsed: number;
  readonly capabilities?: Capabilities;
  readonly tls?: TlsFacts | undefined;
  readonly closedBy?: 'host' | 'nobody';
  readonly attempts?: number;
  readonly recipients?: ReadonlyMap<string, Outcome>;
  /** The reason that the explanation of the reply gives. */
  readonly reason?: string | undefined;
}

/** One thing that was expected, and whether it held. `path` leads from `expect` to it. */
export interface Check {
  readonly passed: boolean;
  readonly path: Path;
  readonly expected: string;
  readonly found: string;
}

/** Judges a step. Without an expectation it must have succeeded. Of alternatives, the one that fits best is reported. */
export function judge(expectation: Expectation | undefined, observed: Observed): Check[] {
  if (!expectation) return [successCheck(observed)];
  return judgeAlternatives(expectation, (expected, path) => judgeOne(expected, observed, path), {
    describe: describeExpected,
    found: describeResult(observed),
  });
}

function successCheck(observed: Observed): Check {
  const { result } = observed;
  const passed = 'reply' in result ? isPositive(result.reply) : false;
  return { passed, path: [], expected: 'success (a 2xx or 3xx reply)', found: describeResult(observed) };
}

function judgeOne(expected: Expected, observed: Observed, path: Path): Check[] {
  const checks: Check[] = [];
  const check: Report = (at, passed, wanted, found) => {
    const inside = expected.word ? [] : typeof at === 'string' ? [at] : at;
    checks.push({ passed, path: [...path, ...inside], expected: wanted, found });
  };
  const { result } = observed;
  const reply = 'reply' in result ? result.reply : undefined;
  const patterns = expected.replies ?? (expected.reply ? [expected.reply] : undefined);
  if (patterns)
    check(
      'reply',
      reply !== undefined && patterns.some((p) => fitsPattern(p, reply)),
      patterns.map(showPattern).join(' or '),
      describeResult(observed),
    );
  if (expected.ending)
    check(
      'ending',
      endingOf(result) === expected.ending,
      `${expected.ending} (${endingNames[expected.ending]})`,
      describeResult(observed),
    );
  checkWords(expected, reply, observed, check);
  if (expected.stage)
    check(
      'stage',
      'stage' in result && result.stage === expected.stage,
      `decided at ${expected.stage}`,
      'stage' in result ? `at ${result.stage}` : describeResult(observed),
    );
  checkSession(expected, observed, check);
  checkTimes(expected, observed, check);
  for (const [address, wanted] of Object.entries(expected.recipients ?? {})) {
    const got = observed.recipients?.get(address);
    for (const inner of got ? judgeOne(wanted, { ...observed, result: got }, []) : []) {
      checks.push({
        ...inner,
        path: [...path, 'recipients', address],
        expected: `${address}: ${inner.expected}`,
      });
    }
    if (!got) check(['recipients', address], false, `${address}: ${describeExpected(wanted)}`, 'not tried');
  }
  return checks;
}

/** `at` is the key in the expectation, or the way to it. */
type Report = (at: string | Path, passed: boolean, wanted: string, found: string) => void;

function checkWords(expected: Expected, reply: Reply | undefined, observed: Observed, check: Report): void {
  const texts = expected.text ?? [];
  for (const [i, text] of texts.entries()) {
    const at = texts.length > 1 ? ['text', i] : 'text';
    const found = reply ? `"${showBytes(linesOf(reply))}"` : describeResult(observed);
    check(at, isSaid(text, reply, observed), `the text ${text}`, found);
  }
  if (expected.lines !== undefined)
    check(
      'lines',
      reply?.raw.length === expected.lines,
      `${expected.lines} lines`,
      reply ? `${reply.raw.length} lines` : describeResult(observed),
    );
  if (expected.reason !== undefined)
    check(
      'reason',
      observed.reason === expected.reason,
      `the reason ${expected.reason}`,
      observed.reason ?? describeResult(observed),
    );
  if (expected.oddity !== undefined) {
    check(
      'oddity',
      reply?.oddities?.includes(expected.oddity) ?? false,
      `the oddity ${expected.oddity}`,
      reply?.oddities?.join(', ') || 'a reply without oddities',
    );
  }
}

const linesOf = (reply: Reply): string => reply.raw.map((line) => line.slice(4)).join('\n');

/** Plain text may run over the ends of lines, where each begins with its enhanced code anew or without that. */
function isSaid(text: string, reply: Reply | undefined, { result }: Observed): boolean {
  const said = reply ? [linesOf(reply), replyText(reply)] : 'why' in result ? [result.why] : [];
  return said.some((words) => contains(words, text));
}

/** Whether words match a `/regular expression/`, or contain a text, however blanks and ends of lines fall. */
export function contains(words: string, text: string): boolean {
  const source = regexSource(text);
  if (source !== undefined) return new RegExp(source, 'i').test(words);
  const plain = (text: string): string => text.replace(/\s+/g, ' ');
  return plain(words).includes(plain(text));
}

function checkSession(
  expected: Expected,
  { capabilities, tls, closedBy, attempts }: Observed,
  check: Report,
): void {
  const offered = [...(capabilities?.keys() ?? [])];
  const { has = [], lacks = [], exactly } = expected.capabilities ?? {};
  if (has.length > 0)
    check(
      ['capabilities', 'has'],
      has.every((word) => offered.includes(word)),
      `to offer ${has.join(', ')}`,
      offered.join(', ') || 'nothing offered',
    );
  if (lacks.length > 0)
    check(
      ['capabilities', 'lacks'],
      lacks.every((word) => !offered.includes(word)),
      `not to offer ${lacks.join(', ')}`,
      offered.join(', '),
    );
  if (exactly)
    check(
      ['capabilities', 'exactly'],
      exactly.join() === offered.join(),
      `exactly ${exactly.join(', ')}`,
      offered.join(', ') || 'nothing offered',
    );
  checkTls(expected.tls, tls, check);
  if (expected['closed-by'])
    check(
      'closed-by',
      closedBy === expected['closed-by'],
      expected['closed-by'] === 'host' ? 'the host hangs up' : 'the connection stays',
      closedBy === 'host' ? 'the host hung up' : 'the connection stayed',
    );
  if (expected.attempts !== undefined)
    check('attempts', attempts === expected.attempts, `${expected.attempts} tries`, `${attempts ?? 1} tries`);
}

function checkTls(expected: Expected['tls'], tls: TlsFacts | undefined, check: Report): void {
  if (expected === undefined) return;
  const found = tls ? `${tls.protocol}, ${tls.trusted ? 'trusted' : `not trusted: ${tls.why}`}` : 'no TLS';
  if (typeof expected === 'boolean')
    return check('tls', (tls !== undefined) === expected, expected ? 'TLS' : 'no TLS', found);
  if (expected.trusted !== undefined)
    check(
      ['tls', 'trusted'],
      tls?.trusted === expected.trusted,
      `a certificate that is ${expected.trusted ? '' : 'not '}trusted`,
      found,
    );
  if (expected.why !== undefined)
    check(['tls', 'why'], tls?.why === expected.why, `the certificate fault ${expected.why}`, found);
}

function checkTimes(expected: Expected, { elapsed }: Observed, check: Report): void {
  const { within } = expected;
  const least = expected['at-least'];
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
}

function describeExpected(expected: Expected): string {
  if (expected.reply) return showPattern(expected.reply);
  if (expected.replies) return expected.replies.map(showPattern).join(' or ');
  return expected.ending ?? Object.keys(expected).join(', ');
}

/** The name a scenario has for an ending. */
export function endingOf(result: Observed['result']): EndingName | undefined {
  switch (result.kind) {
    case 'disconnected':
      return result.how;
    case 'timed-out':
      return 'silence';
    case 'misspoke':
      return 'misspoke';
    case 'tls-failed':
      return 'tls-failed';
    case 'unreachable':
      return ({ refused: 'refused', 'no-route': 'unreachable', 'timed-out': 'connect-timeout' } as const)[
        result.why
      ];
    case 'no-host':
    case 'withheld':
      return result.kind;
    default:
      return undefined;
  }
}

function describeResult({ result }: Observed): string {
  if ('reply' in result) return `${replyCodes(result.reply)} ${showBytes(replyText(result.reply))}`.trim();
  if (result.kind === 'no-host') return result.why;
  if (result.kind === 'withheld') return `our client did not send it: ${result.why}`;
  return `the host ${describeEnding(result as Ending)}`;
}
