import { noticeable } from '../../transcript/notation.ts';
import { noteOfPause } from '../../transcript/note.ts';
import type { TracedEntry, TracedStep } from '../trace-format.ts';
import { verdictTitle } from '../verify/words.ts';
import { describeCertificate } from '../words.ts';
import type { ExplanationPool } from './explanation-pool.ts';
import type { EndingName, PageRow } from './page-data.ts';
import { safeLine, safeProse } from './safe-text.ts';

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Happening = Without<PageRow, 'at' | 'host'>;
type Of<K extends TracedEntry['kind']> = Extract<TracedEntry, { kind: K }>;

/** Turns the dialogue of one scenario, step by step, into rows of its diagram. */
export class PageRows {
  readonly #pool: ExplanationPool;
  /** Hosts that have said 354, and what comes next is a message. RFC 5321 4.1.1.4 */
  readonly #awaitMessage = new Set<string>();
  /** Hosts that have answered QUIT. */
  readonly #saidGoodbye = new Set<string>();
  /** When something last happened in each branch. */
  readonly #last = new Map<string, number>();

  constructor(pool: ExplanationPool) {
    this.#pool = pool;
  }

  rowsOf({ branch, atMs, dialogue }: TracedStep): PageRow[] {
    // What a branch does not wait for goes by beside it; the trunk goes on when all of them have ended.
    const before = branch === '' ? Math.max(0, ...this.#last.values()) : (this.#last.get(branch) ?? atMs);
    this.#last.set(branch, before);
    return dialogue.flatMap((entry) => {
      const pause = this.#pauseBefore(entry, branch);
      return isPause(entry) ? pause : [...pause, this.#row(entry)];
    });
  }

  #pauseBefore(entry: TracedEntry, branch: string): PageRow[] {
    const at = entry.atMs;
    const last = this.#last.get(branch) ?? 0;
    this.#last.set(branch, Math.max(last, at));
    const toldByEnding = entry.kind === 'ending' && entry.ending === 'timed-out';
    if (at - last < noticeable || toldByEnding) return [];
    return [{ kind: 'pause', at, ms: at - last, text: noteOfPause(at - last) }];
  }

  #row(entry: TracedEntry): PageRow {
    const host = entry.host === undefined ? {} : { host: safeProse(entry.host) };
    return { at: entry.atMs, ...host, ...this.#happening(entry) };
  }

  #happening(entry: TracedEntry): Happening {
    switch (entry.kind) {
      case 'reply':
        return this.#reply(entry);
      case 'lines':
        return this.#lines(entry);
      case 'ending':
        return {
          kind: 'ending',
          ending: endingName(entry),
          text: safeProse(entry.text),
          stage: entry.stage,
          certificate: entry.certificate && safeProse(describeCertificate(entry.certificate)),
          explained: this.#pool.ending(entry.explanation),
        };
      case 'note':
        return this.#note(entry);
      case 'verdict': {
        const { kind, address, verdict, lines } = entry;
        const title = verdictTitle(entry, '·');
        return { kind, address: safeProse(address), verdict, title, lines: lines.map(safeProse) };
      }
      default:
        return entry satisfies never;
    }
  }

  #reply(entry: Of<'reply'>) {
    const { host = '', provider = '', stage, code, enhanced = '', lines, oddities = [], explanation } = entry;
    if (code === 354) this.#awaitMessage.add(host);
    if (stage === 'quit' && code === 221) this.#saidGoodbye.add(host);
    return {
      kind: 'reply' as const,
      provider: safeProse(provider),
      stage,
      code,
      enhanced,
      lines: lines.map(safeLine),
      oddities: oddities.map(safeProse),
      unsolicited: entry.unsolicited,
      ...(entry.elapsedMs === undefined ? {} : { elapsedMs: entry.elapsedMs }),
      reason: explanation.reason,
      explained: this.#pool.reply(explanation),
    };
  }

  #lines({ by, host = '', lines, unshown }: Of<'lines'>) {
    const shown = lines.map(safeLine);
    if (by === 'server') return { kind: 'scraps' as const, lines: shown, unshown };
    const message = this.#awaitMessage.delete(host);
    const chunk = /^BDAT\b/i.test(lines[0] ?? '') && lines.length > 1;
    const one = lines.length === 1 ? ('command' as const) : ('group' as const);
    const bytes = lines.reduce((sum, line) => sum + line.length + 2, unshown);
    return {
      kind: 'sent' as const,
      what: message ? ('message' as const) : chunk ? ('chunk' as const) : one,
      lines: shown,
      bytes,
      unshown,
    };
  }

  #note({ host = '', text, event, address = '', how = 'closed', tls, explanation }: Of<'note'>) {
    const words = safeProse(text);
    switch (event) {
      case 'connected':
        this.#saidGoodbye.delete(host);
        return { kind: 'connected' as const, address: safeProse(address) };
      case 'secured':
        return {
          kind: 'secured' as const,
          text: words,
          certificate: tls?.certificate && safeProse(describeCertificate(tls.certificate)),
          explained: explanation && this.#pool.ending(explanation),
        };
      case 'left':
        return {
          kind: 'left' as const,
          how,
          text: words,
          due: how === 'closed' && this.#saidGoodbye.delete(host),
        };
      case 'hung-up':
        return { kind: 'hung-up' as const };
      default:
        return { kind: 'note' as const, text: words };
    }
  }
}

/** Nothing but time that went by. */
function isPause(entry: TracedEntry): boolean {
  return entry.kind === 'note' && entry.event === undefined;
}

function endingName({ ending, how }: Of<'ending'>): EndingName {
  if (ending === 'disconnected') return how ?? 'closed';
  return ending === 'timed-out' ? 'silence' : (ending ?? 'ended');
}
