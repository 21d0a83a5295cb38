import type { HostDialogue } from '../sim/host-dialogue.ts';
import { classOf, replyFromLines } from '../smtp/reply.ts';
import { minutes } from '../time/duration.ts';

/** How a validator behaved towards the hosts. */
export interface Manners {
  readonly connections: number;
  /** Recipients named in all. */
  readonly recipients: number;
  /** Came back within a minute to a host that had put it off, or with the recipient that it had put off. */
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

/** What a host has put off: the client, or recipients of it, and when. */
interface PutOff {
  readonly client?: number;
  readonly recipients: ReadonlyMap<string, number>;
}

/**
 * Dialogues that began less than a minute after one in which the same host had put the client off, and with a recipient those that name it
 * again: who asks about somebody else does not retry. RFC 5321 4.5.4.1 asks for 30 minutes.
 */
function soonRetries(dialogues: readonly HostDialogue[]): number {
  let soon = 0;
  const put = new Map<string, PutOff>();
  for (const { host, events } of dialogues) {
    const began = events[0]?.at ?? 0;
    const before: PutOff = put.get(host) ?? { recipients: new Map() };
    const isSoon = (at: number | undefined): boolean => at !== undefined && began - at < minutes(1);
    const told = putOffIn(events);
    if (isSoon(before.client) || told.named.some((recipient) => isSoon(before.recipients.get(recipient))))
      soon++;
    put.set(host, {
      ...before,
      ...(told.client === undefined ? {} : { client: told.client }),
      recipients: new Map([...before.recipients, ...told.recipients]),
    });
  }
  return soon;
}

/** Replies go to commands in their order, as in a pipeline. */
function putOffIn(events: HostDialogue['events']): PutOff & { readonly named: readonly string[] } {
  const named: string[] = [];
  const recipients = new Map<string, number>();
  const due: (string | undefined)[] = [undefined]; // the greeting
  let client: number | undefined;
  for (const event of events) {
    if (event.kind === 'sent') {
      for (const line of event.lines) {
        const recipient = /^RCPT TO:\s*(\S+)/i.exec(line)?.[1];
        if (recipient !== undefined) named.push(recipient);
        due.push(recipient);
      }
    } else if (event.kind === 'received') {
      const recipient = due.shift();
      if (!isPutOff(event.lines)) continue;
      if (recipient === undefined) client = event.at;
      else recipients.set(recipient, event.at);
    }
  }
  return { ...(client === undefined ? {} : { client }), recipients, named };
}

function isPutOff(lines: readonly string[]): boolean {
  try {
    const reply = replyFromLines(lines);
    return classOf(reply) === 4 && reply.code !== 452; // 452 asks for another transaction: RFC 5321 4.5.3.1.10
  } catch {
    return false; // not a whole reply, so it put nobody off
  }
}
