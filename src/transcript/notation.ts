import { fileIssue, type Issue } from '../datafile/issue.ts';
import type { Source } from '../datafile/source.ts';
import type { Ending } from './ending.ts';
import { noteOf, noteOfPause } from './note.ts';
import { type Note, readNote } from './read-note.ts';
import type { TranscriptEvent } from './transcript.ts';
import { readWireText, writeWireText } from './wire-text.ts';

/** Pauses shorter than this, in ms, are not worth a line. */
export const noticeable = 1_000;

/** Writes events the way the RFCs print dialogues: `C:` for the client, `S:` for the server, `--` for the rest. */
export function printDialogue(events: readonly TranscriptEvent[]): string {
  const lines: string[] = [];
  let last = events[0]?.at ?? 0;
  for (const event of events) {
    if (event.at - last >= noticeable && !tellsItsOwnTime(event))
      lines.push(`-- ${noteOfPause(event.at - last)}`);
    last = event.at;
    const note = noteOf(event);
    if (note !== undefined) lines.push(`-- ${note}`);
    else lines.push(...linesOf(event));
  }
  return lines.join('\n');
}

/** A silence is told with its length, so that a pause before it would say the same twice. */
export function tellsItsOwnTime(event: TranscriptEvent): boolean {
  return event.kind === 'ended' && event.ending.kind === 'timed-out';
}

function linesOf(event: TranscriptEvent): string[] {
  if (event.kind !== 'sent' && event.kind !== 'received') return [];
  return printLines(event.kind === 'sent' ? 'client' : 'server', event.lines, unshown(event));
}

/** Lines of one side, bytes as Latin-1, and how many bytes they leave out. */
export function printLines(by: 'client' | 'server', lines: readonly string[], bytesMore = 0): string[] {
  const mark = by === 'client' ? 'C:' : 'S:';
  const printed = lines.map((line) => `${mark} ${writeWireText(line)}`.trimEnd());
  return bytesMore > 0 ? [...printed, `-- and ${bytesMore} bytes more`] : printed;
}

/** How many bytes of an event its lines leave out: long messages are kept only by their first lines. */
export function unshown({
  lines,
  bytes,
}: {
  readonly lines: readonly string[];
  readonly bytes: number;
}): number {
  const shown = lines.reduce((sum, line) => sum + line.length + 2, 0);
  return Math.max(0, bytes - shown);
}

export type ReadDialogue =
  | { readonly events: readonly TranscriptEvent[] }
  | { readonly issues: readonly Issue[] };

/**
 * Reads a dialogue back. Blank lines, explanations (`|`) and times in front of a line are passed over, so that a dialogue
 * may be pasted from a report. Time counts from `start` (ms) and moves by `--` notes alone.
 */
export function parseDialogue(source: Source, start = 0): ReadDialogue {
  const reader = new DialogueReader(start);
  const issues: Issue[] = [];
  for (const [i, line] of source.text.split(/\r?\n/).entries()) {
    const found = /^(\s*(?:\d[\d:.]*\s+)?)(C:|S:|--)(?: (.*))?$/.exec(line);
    const passedOver = /^\s*(?:\||$)/.test(line);
    if (!passedOver && !reader.take(found?.[2], found?.[3] ?? '')) issues.push(unreadable(source, i, line));
  }
  return issues.length > 0 ? { issues } : { events: reader.events };
}

function unreadable({ file }: Source, index: number, line: string): Issue {
  const indent = line.length - line.trimStart().length;
  const message = line.slice(indent).startsWith('--')
    ? 'is not a note that can be read back'
    : 'begins with none of C:, S: and --';
  return {
    ...fileIssue(file, message),
    line: index + 1,
    column: indent + 1,
    length: Math.max(1, line.length - indent),
  };
}

class DialogueReader {
  readonly events: TranscriptEvent[] = [];
  #now: number;
  #tls = false;
  /** Lines that belong to the event before: of a reply until its last, of a message until the next reply. */
  #open = false;

  constructor(start: number) {
    this.#now = start;
  }

  take(by: string | undefined, text: string): boolean {
    if (by === 'C:') this.#line('sent', readWireText(text));
    else if (by === 'S:') this.#line('received', readWireText(text));
    else if (by === '--') return this.#note(readNote(text));
    return by !== undefined;
  }

  #line(kind: 'sent' | 'received', line: string): void {
    const last = this.events.at(-1);
    if (this.#open && last?.kind === kind) {
      this.events[this.events.length - 1] = {
        ...last,
        lines: [...last.lines, line],
        bytes: last.bytes + line.length + 2,
      };
    } else {
      const message = kind === 'sent' && last?.kind === 'received' && /^354/.test(last.lines.at(-1) ?? '');
      this.events.push({ at: this.#now, tls: this.#tls, kind, lines: [line], bytes: line.length + 2 });
      this.#open = message;
    }
    if (kind === 'received') this.#open = /^\d{3}-/.test(line);
  }

  #note(note: Note | undefined): boolean {
    const last = this.events.at(-1);
    if (note === undefined) return false;
    if (note.kind === 'pause') this.#now += note.ms;
    else if (note.kind === 'event') this.#event(note.event);
    else if (note.kind === 'ending') this.#ended(note.ending);
    else if (last?.kind === 'sent' || last?.kind === 'received') {
      this.events[this.events.length - 1] = { ...last, bytes: last.bytes + note.bytes };
    } else return false;
    return true;
  }

  #event(event: Extract<Note, { kind: 'event' }>['event']): void {
    if (event.kind === 'connected') this.#tls = false;
    if (event.kind === 'secured') this.#tls = true;
    this.#open = false;
    this.events.push({ at: this.#now, tls: this.#tls, ...event });
  }

  #ended(note: Extract<Note, { kind: 'ending' }>['ending']): void {
    if (note.kind === 'timed-out') this.#now += note.after;
    const sent = this.events.findLast((event) => event.kind === 'sent');
    const received = this.events.findLast((event) => event.kind === 'received');
    const command = sent?.lines.at(-1);
    const ending: Ending = {
      ...(command === undefined || ('unsolicited' in note && note.unsolicited) ? {} : { command }),
      ...note,
      lastSent: ends(command),
      lastReceived: ends(received?.lines.at(-1)),
      elapsed: this.#now - ((sent ?? this.events[0])?.at ?? this.#now),
      tls: this.#tls,
    };
    this.#open = false;
    this.events.push({ at: this.#now, tls: this.#tls, kind: 'ended', ending });
  }
}

function ends(line: string | undefined): string {
  return line === undefined ? '' : `${line}\r\n`.slice(-80);
}
