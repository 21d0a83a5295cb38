import type { DialogueListener, HostDialogue, ReceivedMessage } from '../../sim/host-dialogue.ts';
import { stageFacts } from '../../smtp/stage.ts';
import { escapeControls } from '../../text/escape.ts';
import { formatDuration } from '../../time/duration.ts';
import type { TranscriptEvent } from '../../transcript/transcript.ts';
import type { HostFault } from '../../world/running-lab.ts';
import type { DialogueEntry } from '../dialogue.ts';
import { createPalette, type Palette } from '../palette.ts';
import type { ReporterOptions } from '../reporter-options.ts';
import { renderEntry } from '../terminal/entry.ts';
import { Explainer } from '../terminal/explainer.ts';
import { Familiar } from '../terminal/familiar.ts';
import { Layout } from '../terminal/layout.ts';
import { cutTo, padTo, wrap } from '../width.ts';
import { DialogueTally, noteOfClientsEnd } from './dialogue-tally.ts';
import { FollowedDialogue } from './followed-dialogue.ts';
import { renderServed } from './host-table.ts';
import type { Served } from './served.ts';
import { shortNames } from './short-names.ts';

/** A dialogue that begins while so many others are told is told in one line, at its end. */
const crowd = 8;
/** What was explained so many lines ago is explained again. */
const screens = 200;
/** With so much written and not read, in bytes, lines are left out. */
const mostBacklog = 16 * 1024 * 1024;
/** Columns for a host's short name. */
const widestName = 16;

/** A dialogue that is being told. */
interface Told {
  readonly followed: FollowedDialogue;
  readonly tally: DialogueTally;
  readonly familiar: Familiar;
  /** Without and with the margin that tells it from others. */
  readonly alone: Layout;
  readonly marked: Layout;
  readonly margin: string;
  readonly brief: boolean;
}

interface ViewOptions extends ReporterOptions {
  /** Bytes that have been written and that nobody has read yet. */
  readonly backlog: () => number;
}

/** Tells a person what clients say to the hosts and are told, while it happens, with explanations. */
export class ServeView implements DialogueListener {
  readonly #options: ViewOptions;
  readonly #palette: Palette;
  readonly #names: ReadonlyMap<string, string>;
  readonly #told = new Map<HostDialogue, Told>();
  #explainer: Explainer;
  /** Lines since the explainer began. */
  #lines = 0;
  /** Dialogues that are told line by line. */
  #open = 0;
  /** Whose line was printed last. */
  #speaking: HostDialogue | undefined;

  constructor(options: ViewOptions, served: Served) {
    this.#options = options;
    this.#palette = createPalette(options);
    this.#names = shortNames(served.hosts.map(({ name }) => name));
    this.#explainer = new Explainer(options.knowledge);
    this.#print(renderServed(served, this.#palette, options.columns));
  }

  opened(dialogue: HostDialogue): void {
    const brief = this.#open >= crowd;
    const margin = this.#marginOf(dialogue);
    const { columns } = this.#options;
    this.#told.set(dialogue, {
      followed: new FollowedDialogue(dialogue),
      tally: new DialogueTally(),
      familiar: new Familiar(),
      alone: new Layout(columns, this.#palette),
      marked: new Layout(columns - margin.length, this.#palette),
      margin,
      brief,
    });
    if (!brief) this.#open++;
  }

  said(dialogue: HostDialogue, event: TranscriptEvent): void {
    const told = this.#told.get(dialogue);
    if (!told) return;
    const entries = told.followed.entriesOf(event);
    for (const entry of entries) told.tally.hear(entry);
    if (told.brief) return;
    if (event.kind === 'connected') return this.#heading(dialogue, '');
    for (const entry of entries) this.#tell(dialogue, told, entry);
  }

  received(dialogue: HostDialogue, message: ReceivedMessage): void {
    this.#told.get(dialogue)?.tally.receive(message);
  }

  closed(dialogue: HostDialogue): void {
    const told = this.#told.get(dialogue);
    if (!told) return;
    this.#told.delete(dialogue);
    const { text, mood } = told.tally.summary(dialogue.end);
    const { marks } = this.#palette;
    const mark = { good: marks.passed, warn: marks.dot, bad: marks.failed }[mood];
    const who = `#${dialogue.id} ${escapeControls(dialogue.label)}`;
    const line = `${mark} ${who}: ${text} ${marks.dot} ${formatDuration(told.followed.age)}`;
    this.#print(wrap(line, this.#options.columns).map(this.#palette[mood]));
    if (!told.brief) this.#open--;
    this.#speaking = undefined;
    if (!told.brief && this.#open === 0) this.#print(['']);
    if (this.#lines > screens && this.#open === 0) {
      this.#explainer = new Explainer(this.#options.knowledge);
      this.#lines = 0;
    }
  }

  /** The last lines. */
  end(dialogues: number, unused: readonly HostFault[]): void {
    const { columns } = this.#options;
    const { strong, warn } = this.#palette;
    const faults = unused.map(({ id, host, at, left, times }) => {
      const often = left === times ? 'never used' : `used ${times - left} of ${times} times`;
      return `The planned ${id} of ${escapeControls(host)} at ${stageFacts[at].said} was ${often}.`;
    });
    const count = dialogues === 1 ? '1 dialogue' : `${dialogues} dialogues`;
    this.#print([
      strong(`Ended after ${count}.`),
      ...faults.flatMap((text) => wrap(text, columns)).map(warn),
    ]);
  }

  #tell(dialogue: HostDialogue, told: Told, entry: DialogueEntry): void {
    const several = this.#open > 1;
    const layout = several ? told.marked : told.alone;
    const shown = told.familiar
      .shorten([asHostSawIt(entry, dialogue)])
      .flatMap((one) => renderEntry(one.entry, layout, one.insteadOfRest));
    const lines = [...shown, ...this.#explainer.below(entry, layout)];
    if (several) {
      this.#speaking = undefined;
      return this.#print(lines.map((line) => this.#palette.dim(told.margin) + line));
    }
    if (this.#speaking !== dialogue) this.#heading(dialogue, ' goes on');
    this.#print(lines);
  }

  #heading(dialogue: HostDialogue, more: string): void {
    const { strong, dim } = this.#palette;
    const { id, label, provider, client } = dialogue;
    const title = `#${id} ${escapeControls(label)}${more}`;
    const facts = more === '' ? ` (${provider}), client ${escapeControls(client)}` : '';
    this.#speaking = dialogue;
    this.#print([strong(title) + dim(facts)]);
  }

  #marginOf({ id, label }: HostDialogue): string {
    const width = Math.min(widestName, Math.max(...[...this.#names.values()].map((name) => name.length)));
    const name = cutTo(escapeControls(this.#names.get(label) ?? label), width, this.#palette.marks.more);
    return `${`#${id}`.padEnd(4)} ${width > 0 ? `${padTo(name, width)} ` : ''}`;
  }

  #print(lines: readonly string[]): void {
    if (lines.length === 0) return;
    if (this.#options.backlog() > mostBacklog) return;
    this.#lines += lines.length;
    this.#options.write(`${lines.join('\n')}\n`);
  }
}

/** Transcripts are told from the client's side; whoever follows a host reads what the client did. */
function asHostSawIt(entry: DialogueEntry, { end }: HostDialogue): DialogueEntry {
  return entry.kind === 'note' && entry.event?.kind === 'hung-up' && end
    ? { ...entry, text: noteOfClientsEnd(end) }
    : entry;
}
