import { isPositive } from '../../smtp/reply.ts';
import type { Stage } from '../../smtp/stage.ts';
import type { DialogueEntry } from '../dialogue.ts';

/** What an attempt is made for: shown every time. */
const alwaysShown: readonly Stage[] = ['rcpt', 'data', 'message'];

/** A run of fewer familiar entries is shown as it is. */
const fewEntries = 3;

/** A capability list that has changed by more than this is shown whole. */
const mostChanges = 2;
const shortList = 4;

/** An entry, and what to say instead of all but its first line. */
export interface Shown {
  readonly entry: DialogueEntry;
  readonly insteadOfRest?: string;
}

type ReplyEntry = Extract<DialogueEntry, { kind: 'reply' }>;

/**
 * Shortens what was shown before in the same scenario: openings and farewells of sessions that go as they went, and lists
 * of capabilities.
 */
export class Familiar {
  readonly #seen = new Set<string>();
  #list: readonly string[] | undefined;

  shorten(entries: readonly DialogueEntry[]): Shown[] {
    const shown: Shown[] = [];
    let run: DialogueEntry[][] = [];
    const flush = (): void => {
      if (run.flat().length >= fewEntries) shown.push({ entry: asBefore(run) });
      else shown.push(...run.flat().map((entry) => this.#shown(entry)));
      run = [];
    };
    for (const exchange of exchangesOf(entries)) {
      if (this.#isFamiliar(exchange)) run.push(exchange);
      else {
        flush();
        shown.push(...exchange.map((entry) => this.#shown(entry)));
      }
    }
    flush();
    return shown;
  }

  /** Takes notice of an exchange as well. */
  #isFamiliar(exchange: readonly DialogueEntry[]): boolean {
    const key = exchange.map(keyOf).join('\n');
    const seen = this.#seen.has(key);
    this.#seen.add(key);
    return seen && exchange.every(isHarmless) && exchange.some(({ kind }) => kind === 'reply');
  }

  #shown(entry: DialogueEntry): Shown {
    if (entry.kind !== 'reply' || entry.stage !== 'ehlo' || entry.reply.raw.length <= shortList)
      return { entry };
    const instead = this.#changes(entry);
    return instead === undefined ? { entry } : { entry, insteadOfRest: instead };
  }

  #changes({ reply }: ReplyEntry): string | undefined {
    const before = this.#list;
    const now = reply.raw.slice(1).map((line) => line.slice(4));
    this.#list = now;
    if (!before) return undefined;
    const gone = before.filter((line) => !now.includes(line));
    const fresh = now.filter((line) => !before.includes(line));
    if (gone.length + fresh.length > mostChanges) return undefined;
    const more = fresh.length > 0 ? `, and with ${fresh.join(' and ')}` : '';
    const less = gone.length > 0 ? `, without ${gone.join(' and ')}` : '';
    return `and ${now.length - fresh.length} lines as before${less}${more}`;
  }
}

/** A command with all that follows it, or a connection with its greeting. Pauses stand alone. */
function exchangesOf(entries: readonly DialogueEntry[]): DialogueEntry[][] {
  const exchanges: DialogueEntry[][] = [];
  let alone = true;
  for (const entry of entries) {
    const pause = entry.kind === 'note' && entry.event === undefined;
    const opens =
      pause ||
      entry.kind === 'verdict' ||
      (entry.kind === 'lines' && entry.by === 'client') ||
      (entry.kind === 'note' && entry.event?.kind === 'connected');
    const last = exchanges.at(-1);
    if (opens || alone || !last) exchanges.push([entry]);
    else last.push(entry);
    alone = pause;
  }
  return exchanges;
}

function isHarmless(entry: DialogueEntry): boolean {
  if (entry.kind === 'reply')
    return isPositive(entry.reply) && !alwaysShown.includes(entry.stage) && !entry.unsolicited;
  return entry.kind === 'note' || (entry.kind === 'lines' && entry.by === 'client');
}

/** Equal for entries that say the same; dates, counts and queue ids do not matter, and of a greeting only who greets. */
function keyOf(entry: DialogueEntry): string {
  if (entry.kind === 'note' || entry.kind === 'ending') return `-- ${entry.text}`;
  if (entry.kind === 'verdict') return `=> ${entry.verification.address}`;
  if (entry.kind === 'lines') return `${entry.by} ${entry.lines.join('\n')}`;
  const { reply, stage, host } = entry;
  const words = stage === 'greeting' ? (reply.lines[0]?.split(' ')[0] ?? '') : reply.lines.join('\n');
  return `${host} ${stage} ${reply.code} ${reply.enhanced} ${words.replace(/\S*\d\S*/g, '#')}`;
}

function asBefore(exchanges: readonly (readonly DialogueEntry[])[]): DialogueEntry {
  const names = exchanges.flatMap(([first]) => {
    if (first?.kind === 'lines') return first.lines.map((line) => line.split(' ')[0] ?? '');
    return ['connection'];
  });
  return { kind: 'note', at: exchanges[0]?.[0]?.at ?? 0, text: `as before: ${names.join(', ')}` };
}
