import type { Reply } from '../smtp/reply.ts';
import type { Answer } from '../transcript/ending.ts';
import { unshown } from '../transcript/notation.ts';
import { noteOf } from '../transcript/note.ts';
import { groupReplies, type Heard } from '../transcript/replies.ts';
import { StageTracker } from '../transcript/stage-tracker.ts';
import type { Transcript, TranscriptEvent } from '../transcript/transcript.ts';
import type { DialogueEntry } from './dialogue.ts';

/** Answers that tell more of a reply than the wire does. */
export interface KnownAnswers {
  /** The next answer that is this very reply. */
  take(reply: Reply): Extract<Answer, { kind: 'reply' }> | undefined;
}

const nothingKnown: KnownAnswers = { take: () => undefined };

interface Circumstances {
  /** ms since whatever is told began. */
  readonly at: number;
  readonly host: string;
  readonly provider: string | undefined;
  readonly answers?: KnownAnswers;
  /** The connection up to its end; asked for when it has ended. */
  readonly transcript: () => Transcript;
  /** Connections before it, oldest first; asked for when it has ended. */
  readonly earlier?: () => readonly Transcript[];
}

/** One connection, whose events become entries to show. */
export class Followed {
  readonly #tracker = new StageTracker();
  /** When the client last did something that a reply may answer. */
  #spokeAt = 0;

  entriesOf(event: TranscriptEvent, circumstances: Circumstances): DialogueEntry[] {
    const { at, host, transcript, earlier = () => [] } = circumstances;
    if (event.kind === 'connected') this.#tracker.connected();
    if (event.kind === 'received') {
      const heard = groupReplies(event.lines).map((part) =>
        this.#hear(part, circumstances, event.unsolicited === true),
      );
      return withRest(heard, unshown(event));
    }
    this.#spokeAt = at;
    if (event.kind === 'sent') {
      this.#tracker.sent(event.lines, event.bytes);
      return [{ kind: 'lines', by: 'client', at, host, lines: event.lines, unshown: unshown(event) }];
    }
    const text = noteOf(event) ?? '';
    if (event.kind !== 'ended') return [{ kind: 'note', at, host, text, event }];
    const [told, before] = [transcript(), earlier()];
    return [{ kind: 'ending', at, host, ending: event.ending, text, transcript: told, earlier: before }];
  }

  #hear(
    heard: Heard,
    { at, host, provider, answers = nothingKnown }: Circumstances,
    unsolicited: boolean,
  ): DialogueEntry {
    if (heard.kind === 'scraps')
      return { kind: 'lines', by: 'server', at, host, lines: heard.lines, unshown: 0 };
    const tracked = unsolicited ? 'command' : this.#tracker.replied(heard.reply.code);
    const answer = answers.take(heard.reply);
    const reply = answer?.reply ?? heard.reply;
    // Of raw bytes an answer does not say which command they made.
    const stage =
      answer === undefined || (answer.stage === 'command' && !unsolicited) ? tracked : answer.stage;
    return {
      kind: 'reply',
      at,
      reply,
      stage,
      elapsed: unsolicited ? undefined : at - this.#spokeAt,
      host,
      provider,
      unsolicited,
    };
  }
}

function withRest(entries: DialogueEntry[], unshownBytes: number): DialogueEntry[] {
  const last = entries.at(-1);
  if (last?.kind === 'lines') return [...entries.slice(0, -1), { ...last, unshown: unshownBytes }];
  return entries;
}
