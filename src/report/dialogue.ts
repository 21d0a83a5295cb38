import type { StepResult, StepTraffic } from '../scenario/result.ts';
import type { Verified } from '../scenario/verified.ts';
import type { Reply } from '../smtp/reply.ts';
import type { Stage } from '../smtp/stage.ts';
import type { Answer, Ending } from '../transcript/ending.ts';
import { noticeable, tellsItsOwnTime } from '../transcript/notation.ts';
import { noteOfEnding, noteOfPause } from '../transcript/note.ts';
import type { Transcript, TranscriptEvent } from '../transcript/transcript.ts';
import { Followed, type KnownAnswers } from './followed.ts';
import { Origin } from './offset.ts';

/**
 * One thing to be shown of a dialogue. `at` is ms since the scenario began; lines are bytes as Latin-1. `host` has the other
 * end of the connection; absent where the entry belongs to none.
 */
export type DialogueEntry = { readonly at: number; readonly host?: string } & (
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
  /** `transcript` is of the connection that ended, up to its end; `earlier` of those before it, oldest first. */
  | {
      readonly kind: 'ending';
      readonly ending: Ending;
      readonly text: string;
      readonly transcript: Transcript;
      readonly earlier: readonly Transcript[];
    }
  /** What a verifier concludes about an address. */
  | ({ readonly kind: 'verdict' } & Verified)
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
  readonly #connections = new Map<string, Connection>();
  readonly #earlier: Transcript[] = [];
  #latest: Connection | undefined;
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
        earlier: [...this.#earlier],
      });
    }
    const idle = step.verb === 'wait' || step.verb === 'listen' ? this.#pauseBefore(step.at + step.took) : [];
    const at = step.at + step.took;
    const verdicts = (step.verified ?? []).map((one): DialogueEntry => ({ kind: 'verdict', at, ...one }));
    return [...entries, ...idle, ...verdicts];
  }

  #entriesOfTraffic(traffic: StepTraffic, answers: AnswersInTurn): DialogueEntry[] {
    const { host, provider } = traffic;
    return traffic.events.flatMap((event) => {
      const at = this.#origin.offset(event.at);
      const pause = tellsItsOwnTime(event) ? [] : this.#pauseBefore(at);
      this.#last = Math.max(this.#last, at);
      const { followed, events } = this.#connection(host, event);
      const transcript = (): Transcript => ({ host, events: [...events] });
      const earlier = (): Transcript[] => [...this.#earlier];
      return [...pause, ...followed.entriesOf(event, { at, host, provider, answers, transcript, earlier })];
    });
  }

  #pauseBefore(at: number): DialogueEntry[] {
    const idle = at - this.#last;
    this.#last = Math.max(this.#last, at);
    return idle >= noticeable ? [{ kind: 'note', at, text: noteOfPause(idle) }] : [];
  }

  /** The connection that an event belongs to, the event written down. */
  #connection(host: string, event: TranscriptEvent): Connection {
    const connection = this.#connections.get(host) ?? { followed: new Followed(), events: [] };
    this.#connections.set(host, connection);
    if (event.kind === 'connected') this.#remember(host, connection.events.splice(0));
    connection.events.push(event);
    this.#latest = connection;
    return connection;
  }

  #remember(host: string, events: readonly TranscriptEvent[]): void {
    if (events.length === 0) return;
    this.#earlier.push({ host, events });
    if (this.#earlier.length > mostRemembered) this.#earlier.shift();
  }
}

/** Of how many connections is remembered how they went. */
const mostRemembered = 100;

interface Connection {
  readonly followed: Followed;
  readonly events: TranscriptEvent[];
}

/** The answers of a step, to be found again in its traffic. */
class AnswersInTurn implements KnownAnswers {
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
