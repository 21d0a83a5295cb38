import { detached } from '../../evidence/understanding.ts';
import type { About, Conclusion, Retry } from '../../knowledge/vocabulary.ts';
import { describeEnding } from '../../transcript/ending.ts';
import type { Answer } from './answer.ts';

/** One reply or event as it stood in the log; Latin-1, shortened. */
interface Example {
  readonly file?: string;
  readonly line: number;
  readonly text: string;
}

/** All findings with one reason and provider. */
export interface Group {
  /** A reason, or what happened: `closed the connection in reply to RCPT TO`. */
  readonly reason: string;
  readonly kind: Answer['kind'];
  readonly provider: string | undefined;
  readonly says: string;
  readonly advice: string;
  readonly about?: About;
  readonly retry?: Retry;
  readonly verifier?: Conclusion;
  readonly first: Example;
  last: Example;
  count: number;
}

/** Reasons and providers are few; what clients print is not. Beyond this many groups the rest is one. */
const mostGroups = 2_000;
const longestExample = 300;

/** Counts findings by reason and provider, in memory that does not grow with the log. */
export class LogTally {
  readonly #groups = new Map<string, Group>();
  #replies = 0;
  #endings = 0;

  add(answer: Answer): void {
    if (answer.kind === 'reply') this.#replies++;
    else this.#endings++;
    const { reason, provider } = labelOf(answer);
    const key = `${answer.kind} ${reason} ${provider ?? ''}`;
    const known =
      this.#groups.get(key) ?? (this.#groups.size >= mostGroups ? this.#groups.get(rest) : undefined);
    if (known !== undefined) {
      known.count++;
      known.last = exampleOf(answer);
      return;
    }
    const first = exampleOf(answer);
    const group = { reason, kind: answer.kind, provider, ...wordsOf(answer), first, last: first, count: 1 };
    this.#groups.set(this.#groups.size >= mostGroups ? rest : key, group);
  }

  /** The largest first. */
  get groups(): readonly Group[] {
    return [...this.#groups.values()].sort((a, b) => b.count - a.count);
  }

  get replies(): number {
    return this.#replies;
  }

  /** Connections that ended without a reply, and what clients said of it. */
  get endings(): number {
    return this.#endings;
  }
}

const rest = '(rest)';

function labelOf(answer: Answer): { readonly reason: string; readonly provider: string | undefined } {
  switch (answer.kind) {
    case 'reply':
      return { reason: answer.explanation.reason, provider: answer.explanation.provider?.title };
    case 'ending':
      return { reason: describeEnding(answer.finding.ending), provider: answer.provider?.title };
    case 'complaint':
      return { reason: outline(answer.finding.text), provider: undefined };
    default:
      return answer satisfies never;
  }
}

/** The first clause, without what differs from one time to the next. */
function outline(text: string): string {
  const [clause = ''] = text.split(/\. |: (?=\S+$)/);
  return clause
    .replace(/\S*[\d[\]@]\S*/g, ' ')
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, 60);
}

function wordsOf(answer: Answer): Pick<Group, 'says' | 'advice' | 'about' | 'retry' | 'verifier'> {
  if (answer.kind === 'complaint') {
    const { says = 'No reply of a server: what a client says when none came.', endings = [] } =
      answer.meaning ?? {};
    return { says, advice: endings[0]?.advice ?? '' };
  }
  if (answer.kind === 'ending') {
    const { says, advice, verifier } = answer.explanation;
    return { says, advice, verifier };
  }
  const { says, advice, about, retry, verifier } = answer.explanation;
  return { says, advice, about, retry, verifier };
}

function exampleOf({ kind, finding }: Answer): Example {
  const text = kind === 'reply' ? finding.quoted.text : kind === 'ending' ? hostOf(finding) : finding.text;
  const { file, line } = finding;
  return { ...(file === undefined ? {} : { file }), line, text: detached(text.slice(0, longestExample)) };
}

function hostOf({ provider, transcript }: Extract<Answer, { kind: 'ending' }>['finding']): string {
  return provider ?? transcript?.host ?? '';
}
