import type { StepResult, StepTraffic } from '../scenario/result.ts';
import type { Reply } from '../smtp/reply.ts';
import type { Stage } from '../smtp/stage.ts';
import type { Answer, Ending } from '../transcript/ending.ts';
import { noticeable, tellsItsOwnTime, unshown } from '../transcript/notation.ts';
import { noteOf, noteOfEnding, noteOfPause } from '../transcript/note.ts';
import { groupReplies, type Heard } from '../transcript/replies.ts';
import { StageTracker } from '../transcript/stage-tracker.ts';
import type { Transcript, TranscriptEvent } from '../transcript/transcript.ts';
import { Origin } from './offset.ts';

/** One thing to be shown of a dialogue. `at` is ms since the scenario began; lines are bytes as Latin-1. */
export type DialogueEntry = { readonly at: number } & (
  | {
      readonly kind: 'lines';
      readonly by: 'client' | 'server';
      readonly lines: readonly string[];
      /** Bytes that belong to it and are not in its lines. */
      readonly unshown: number;
    }
  | ({ readonly kind: 'reply' } & SpokenReply)
  /** `connected to mx.example.net (192.0.2.1)`, harmless on a terminal. Without an event, time went by. */
  | { readonly kind: 'note'; readonly text: string; readonly event?: NotedEvent }
  /** `transcript` is of the connection that ended, up to its end. */
  | {
      readonly kind: 'ending';
      readonly ending: Ending;
      readonly text: string;
      readonly transcript: Transcript;
    }
);

/** What stands behind `--` and is no ending. */
export type NotedEvent = Exclude<TranscriptEvent, { kind: 'sent' | 'received' | 'ended' }>;

/** A reply and what it takes to explain it. */
export interface SpokenReply {
  readonly reply: Reply;
  readonly stage: Stage;
  readonly host: string;
  readonly provider: string | undefined;
  /** Nobody had asked for it. */
  readonly unsolicited: boolean;
  /** ms since the command was sent; absent where nothing asked for it. */
  readonly elapsed: number | undefined;
}

/** Turns the steps of one scenario, in the order in which they end, into entries. */
export class Dialogue {
  readonly #origin = new Origin();
  readonly #followed = new Map<string, Followed>();
  #latest: Followed | undefined;
  #last = 0;

  /** What was said during a step, with the pauses worth telling. */
  entriesOf(step: StepResult): DialogueEntry[] {
    this.#origin.see(step);
    const answers = new AnswersInTurn(step.answers);
    const entries = step.traffic.flatMap((traffic) => this.#entriesOfTraffic(traffic, answers));
    const unseen = endingOf(step);
    if (unseen) {
      const transcript = { host: '', events: this.#latest?.events ?? [] };
      entries.push({
        kind: 'ending',
        at: step.at + step.took,
        ending: unseen,
        text: noteOfEnding(unseen),
        transcript,
      });
    }
    const idle = step.verb === 'wait' || step.verb === 'listen' ? this.#pauseBefore(step.at + step.took) : [];
    return [...entries, ...idle];
  }

  #entriesOfTraffic(traffic: StepTraffic, answers: AnswersInTurn): DialogueEntry[] {
    return traffic.events.flatMap((event) => {
      const at = this.#origin.offset(event.at);
      const pause = tellsItsOwnTime(event) ? [] : this.#pauseBefore(at);
      this.#last = Math.max(this.#last, at);
      return [...pause, ...this.#entriesOfEvent(event, at, traffic, answers)];
    });
  }

  #entriesOfEvent(
    event: TranscriptEvent,
    at: number,
    traffic: StepTraffic,
    answers: AnswersInTurn,
  ): DialogueEntry[] {
    const followed = this.#followedBy(traffic.host);
    this.#latest = followed;
    if (event.kind === 'connected') followed.begin();
    followed.events.push(event);
    if (event.kind === 'received') {
      const circumstances = { at, unsolicited: event.unsolicited === true, traffic, followed, answers };
      return withRest(
        groupReplies(event.lines).map((heard) => hear(heard, circumstances)),
        unshown(event),
      );
    }
    followed.spokeAt = at;
    if (event.kind === 'sent') {
      followed.tracker.sent(event.lines, event.bytes);
      return [{ kind: 'lines', by: 'client', at, lines: event.lines, unshown: unshown(event) }];
    }
    const text = noteOf(event) ?? '';
    if (event.kind === 'ended') {
      const transcript = { host: traffic.host, events: [...followed.events] };
      return [{ kind: 'ending', at, ending: event.ending, text, transcript }];
    }
    return [{ kind: 'note', at, text, event }];
  }

  #pauseBefore(at: number): DialogueEntry[] {
    const idle = at - this.#last;
    this.#last = Math.max(this.#last, at);
    return idle >= noticeable ? [{ kind: 'note', at, text: noteOfPause(idle) }] : [];
  }

  #followedBy(host: string): Followed {
    const followed = this.#followed.get(host) ?? new Followed();
    this.#followed.set(host, followed);
    return followed;
  }
}

/** What has to be remembered of a connection. */
class Followed {
  readonly tracker = new StageTracker();
  readonly events: TranscriptEvent[] = [];
  /** When we last did something that a reply may answer. */
  spokeAt = 0;

  begin(): void {
    this.tracker.connected();
    this.events.length = 0;
  }
}

interface Circumstances {
  readonly at: number;
  readonly unsolicited: boolean;
  readonly traffic: StepTraffic;
  readonly followed: Followed;
  readonly answers: AnswersInTurn;
}

/** The answers of a step, to be found again in its traffic. */
class AnswersInTurn {
  readonly #answers: readonly Answer[];
  #next = 0;

  constructor(answers: readonly Answer[]) {
    this.#answers = answers;
  }

  /** The next answer that is this very reply. */
  take(reply: Reply): Extract<Answer, { kind: 'reply' }> | undefined {
    const text = reply.raw.join('\n');
    for (let i = this.#next; i < this.#answers.length; i++) {
      const answer = this.#answers[i];
      if (answer?.kind !== 'reply' || answer.reply.raw.join('\n') !== text) continue;
      this.#next = i + 1;
      return answer;
    }
    return undefined;
  }
}

function hear(heard: Heard, { at, unsolicited, traffic, followed, answers }: Circumstances): DialogueEntry {
  if (heard.kind === 'scraps') return { kind: 'lines', by: 'server', at, lines: heard.lines, unshown: 0 };
  const tracked = unsolicited ? 'command' : followed.tracker.replied(heard.reply.code);
  const answer = answers.take(heard.reply);
  const reply = answer?.reply ?? heard.reply;
  // Of raw bytes an answer does not say which command they made.
  const stage = answer === undefined || (answer.stage === 'command' && !unsolicited) ? tracked : answer.stage;
  const { host, provider } = traffic;
  return {
    kind: 'reply',
    at,
    reply,
    stage,
    elapsed: unsolicited ? undefined : at - followed.spokeAt,
    host,
    provider,
    unsolicited,
  };
}

function withRest(entries: DialogueEntry[], unshownBytes: number): DialogueEntry[] {
  const last = entries.at(-1);
  if (last?.kind === 'lines') return [...entries.slice(0, -1), { ...last, unshown: unshownBytes }];
  return entries;
}

/**
 * An ending that no event of the step tells: the connection had broken off before. The commands of a group share
 * what is told of the first of them.
 */
function endingOf({ traffic, answers, place }: StepResult): Ending | undefined {
  const told = traffic.some(({ events }) => events.some(({ kind }) => kind === 'ended' || kind === 'left'));
  const last = answers.at(-1);
  return told || place.path.includes('pipeline') || last === undefined || last.kind === 'reply'
    ? undefined
    : last;
}
