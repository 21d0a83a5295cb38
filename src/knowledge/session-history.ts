import { isPositive, type Reply } from '../smtp/reply.ts';
import { type Stage, stages } from '../smtp/stage.ts';
import { minutes } from '../time/duration.ts';
import type { Ending } from '../transcript/ending.ts';
import type { Transcript, TranscriptEvent } from '../transcript/transcript.ts';
import { type Answered, answersOf } from './session-tally.ts';

/** What sessions before this one tell of its end. Sizes in bytes. */
export interface History {
  /** Sessions with the same host. */
  readonly sessions: number;
  /** Of those, how many ended in the same manner at the same stage. */
  readonly endedSo: number;
  /** Of those, how many were let past this stage. */
  readonly wentFurther: number;
  /** Connections to the same host that had no end when this one began. */
  readonly open: number;
  /** Connections to the same host in the minute before this one. */
  readonly calls: number;
  /** Recipients that this host had refused for good. */
  readonly guessed: number;
  /** The last refusal that this host gave at the greeting, EHLO or MAIL. */
  readonly refusal: Reply | undefined;
  /** An earlier message was lost after about as many bytes. */
  readonly sameSize: boolean;
  /** Other hosts that ended a session so, and others that let one past this stage. */
  readonly othersEndedSo: number;
  readonly othersWentFurther: number;
}

/** A session that is over, or was when the one in question began. */
interface Past {
  readonly host: string;
  readonly began: number;
  readonly ended: boolean;
  readonly ending: Ending | undefined;
  readonly answers: readonly Answered[];
  readonly bytes: number;
}

/** How far two counts of bytes may differ and still be the same place. */
const samePlace = 0.05;

/** Looks at `earlier` sessions, oldest first, with the same host and with others. */
export function historyOf(
  ending: Ending,
  { host, events }: Transcript,
  earlier: readonly Transcript[],
): History {
  const pasts = earlier.map(pastOf);
  const here = pasts.filter((past) => past.host === host);
  const others = pasts.filter((past) => past.host !== host);
  const began = events[0]?.at ?? 0;
  const bytes = lastBytes(events);
  const endedSo = (past: Past): boolean => isLike(past.ending, ending);
  const wentFurther = (past: Past): boolean =>
    past.answers.some(({ stage, reply }) => isPositive(reply) && isBeyond(stage, ending.stage));
  const answers = here.flatMap((past) => past.answers);
  return {
    sessions: here.length,
    endedSo: here.filter(endedSo).length,
    wentFurther: here.filter(wentFurther).length,
    open: here.filter(({ ended }) => !ended).length,
    calls: here.filter((past) => began - past.began <= minutes(1)).length,
    guessed: answers.filter(({ stage, reply }) => stage === 'rcpt' && reply.code >= 500).length,
    refusal: answers.findLast(({ stage, reply }) => isAtDoor(stage) && reply.code >= 400)?.reply,
    sameSize: here.some((past) => endedSo(past) && ending.stage === 'message' && isClose(past.bytes, bytes)),
    othersEndedSo: hostsOf(others.filter(endedSo)),
    othersWentFurther: hostsOf(others.filter(wentFurther)),
  };
}

function pastOf({ host, events }: Transcript): Past {
  const end = events.findLast(({ kind }) => kind === 'ended');
  return {
    host,
    began: events[0]?.at ?? 0,
    ended: events.some(({ kind }) => kind === 'ended' || kind === 'left' || kind === 'hung-up'),
    ending: end?.kind === 'ended' ? end.ending : undefined,
    answers: answersOf(events),
    bytes: lastBytes(events),
  };
}

function lastBytes(events: readonly TranscriptEvent[]): number {
  const sent = events.findLast(({ kind }) => kind === 'sent');
  return sent?.kind === 'sent' ? sent.bytes : 0;
}

function isLike(past: Ending | undefined, ending: Ending): boolean {
  return past !== undefined && past.kind === ending.kind && past.stage === ending.stage;
}

/** A good answer at this stage, or at a later one, is more than the session in question got. */
function isBeyond(stage: Stage, limit: Stage): boolean {
  return stages.indexOf(stage) >= stages.indexOf(limit) && stage !== 'command' && stage !== 'quit';
}

function isAtDoor(stage: Stage): boolean {
  return stage === 'greeting' || stage === 'ehlo' || stage === 'mail';
}

function isClose(a: number, b: number): boolean {
  return a > 0 && Math.abs(a - b) <= samePlace * Math.max(a, b);
}

function hostsOf(pasts: readonly Past[]): number {
  return new Set(pasts.map(({ host }) => host)).size;
}
