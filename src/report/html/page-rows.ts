import type { TracedEntry } from '../trace-format.ts';
import { describeCertificate } from '../words.ts';
import type { ExplanationPool } from './explanation-pool.ts';
import type { EndingName, PageRow } from './page-data.ts';
import { safeLine, safeProse } from './safe-text.ts';

type Of<K extends TracedEntry['kind']> = Extract<TracedEntry, { kind: K }>;

/** Turns the dialogue of one scenario, entry by entry, into rows of its diagram. */
export class PageRows {
  readonly #pool: ExplanationPool;
  /** Hosts that have said 354, and what comes next is a message. RFC 5321 4.1.1.4 */
  readonly #awaitMessage = new Set<string>();
  /** Hosts that have answered QUIT. */
  readonly #saidGoodbye = new Set<string>();
  #last = 0;

  constructor(pool: ExplanationPool) {
    this.#pool = pool;
  }

  rowOf(entry: TracedEntry): PageRow {
    const idle = entry.atMs - this.#last;
    this.#last = Math.max(this.#last, entry.atMs);
    const host = entry.host === undefined ? undefined : safeProse(entry.host);
    return { at: entry.atMs, ...(host === undefined ? {} : { host }), ...this.#row(entry, idle) };
  }

  #row(entry: TracedEntry, idle: number): PageRow extends infer R ? (R extends unknown ? Omit<R, 'at' | 'host'> : never) : never {
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
        return this.#note(entry, idle);
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

  #note({ host = '', text, event, address = '', how = 'closed', tls, explanation }: Of<'note'>, idle: number) {
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
        return { kind: 'left' as const, how, text: words, due: how === 'closed' && this.#saidGoodbye.delete(host) };
      case 'hung-up':
        return { kind: 'hung-up' as const };
      default:
        return idle > 0
          ? { kind: 'pause' as const, ms: idle, text: words }
          : { kind: 'note' as const, text: words };
    }
  }
}

function endingName({ ending, how }: Of<'ending'>): EndingName {
  if (ending === 'disconnected') return how ?? 'closed';
  return ending === 'timed-out' ? 'silence' : (ending ?? 'ended');
}
