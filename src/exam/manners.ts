import type { HostDialogue } from '../sim/host-dialogue.ts';
import { classOf, replyFromLines } from '../smtp/reply.ts';
import { minutes } from '../time/duration.ts';

/** How a validator behaved towards the hosts. */
export interface Manners {
  readonly connections: number;
  /** Recipients named in all. */
  readonly recipients: number;
  /** Came back within a minute to a host that had put it off. */
  readonly retriesTooSoon: number;
  /** Went on with a command other than QUIT after 421. RFC 5321 3.8 */
  readonly talkedAfter421: number;
  /** DATA, or BDAT: a message was begun. */
  readonly dataSent: number;
  /** Spoke before the greeting had come. RFC 5321 3.1 */
  readonly talkedEarly: number;
  /** Left without QUIT, of the connections that the host had not closed. RFC 5321 4.1.1.10 */
  readonly leftWithoutQuit: number;
}

export const noManners: Manners = {
  connections: 0,
  recipients: 0,
  retriesTooSoon: 0,
  talkedAfter421: 0,
  dataSent: 0,
  talkedEarly: 0,
  leftWithoutQuit: 0,
};

/** Counts over the dialogues of one question. */
export function mannersOf(dialogues: readonly HostDialogue[]): Manners {
  let manners = { ...noManners, connections: dialogues.length, retriesTooSoon: soonRetries(dialogues) };
  for (const dialogue of dialogues) {
    const told = courseOf(dialogue);
    manners = {
      ...manners,
      recipients: manners.recipients + told.recipients,
      talkedAfter421: manners.talkedAfter421 + told.after421,
      dataSent: manners.dataSent + told.data,
      talkedEarly: manners.talkedEarly + (dialogue.spokeEarly ? 1 : 0),
      leftWithoutQuit: manners.leftWithoutQuit + (told.quit || !mayQuit(dialogue, told) ? 0 : 1),
    };
  }
  return manners;
}

export function addManners(a: Manners, b: Manners): Manners {
  const sum = Object.keys(noManners).map((key) => [key, a[key as keyof Manners] + b[key as keyof Manners]]);
  return Object.fromEntries(sum) as unknown as Manners;
}

interface Course {
  recipients: number;
  after421: number;
  data: number;
  quit: boolean;
  /** The host has said 421, and hangs up. */
  leaving: boolean;
}

/** One dialogue, command by command. */
function courseOf({ events }: HostDialogue): Readonly<Course> {
  const course: Course = { recipients: 0, after421: 0, data: 0, quit: false, leaving: false };
  for (const event of events) {
    if (event.kind === 'received') {
      course.leaving ||= event.lines.some((line) => line.startsWith('421'));
    }
    if (event.kind !== 'sent') continue;
    for (const line of event.lines) count(course, line.slice(0, 4).toUpperCase());
  }
  return course;
}

function count(course: Course, verb: string): void {
  if (verb === 'QUIT') course.quit = true;
  else if (course.leaving) course.after421++;
  if (verb === 'RCPT') course.recipients++;
  if (verb === 'DATA' || verb === 'BDAT') course.data++;
}

/** The client hung up, and could have said goodbye: the host was not leaving itself and owed no answer. */
function mayQuit({ end }: HostDialogue, { leaving }: Course): boolean {
  return end?.by === 'client' && !end.unanswered && !leaving;
}

/** Dialogues that began less than a minute after one in which the same host had put the client off. RFC 5321 4.5.4.1 asks for 30 minutes. */
function soonRetries(dialogues: readonly HostDialogue[]): number {
  let soon = 0;
  const put = new Map<string, number>();
  for (const { host, events } of dialogues) {
    const began = events[0]?.at ?? 0;
    const before = put.get(host);
    if (before !== undefined && began - before < minutes(1)) soon++;
    const last = events.findLast((event) => event.kind === 'received' && isPutOff(event.lines));
    if (last) put.set(host, last.at);
  }
  return soon;
}

function isPutOff(lines: readonly string[]): boolean {
  try {
    const reply = replyFromLines(lines);
    return classOf(reply) === 4 && reply.code !== 452; // 452 asks for another transaction: RFC 5321 4.5.3.1.10
  } catch {
    return false; // not a whole reply, so it put nobody off
  }
}
