import { z } from 'zod';
import { durationSchema } from '../datafile/schemas.ts';
import type { HostDialogue, ReceivedMessage } from '../sim/host-dialogue.ts';
import { memorySchema, type SavedMemory } from '../sim/memory.ts';
import { faultSchema } from '../world/decision-schema.ts';
import type { HostFault, RunningLab } from '../world/running-lab.ts';

/** One thing that can be asked of a lab over HTTP. */
export interface Route {
  readonly method: 'get' | 'post' | 'put' | 'delete';
  /** Parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly summary: string;
  readonly query?: z.ZodType;
  readonly body?: z.ZodType;
  /** What the answer holds, for people. */
  readonly answer: string;
  /** The media type of an answer that is text; JSON without it. */
  readonly text?: string;
  /** Throws a RangeError for something that is not there, a TypeError for something that cannot be done. */
  handle(lab: RunningLab, asked: Asked): unknown;
}

/** What a request says: path parameters, query and body after validation. */
interface Asked {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Record<string, unknown>;
  readonly body: unknown;
}

const waitSchema = z.strictObject({
  count: z.coerce.number().int().min(1).describe('so many dialogues must have ended'),
  patience: durationSchema.default(10_000).describe('how long to wait in real time, such as 10s'),
});

const hostQuery = z.strictObject({ host: z.string().optional().describe('only of this host') });

/** The only list: every route of the control API, and what its OpenAPI document is made of. */
export const routes: readonly Route[] = [
  {
    method: 'get',
    path: '/hosts',
    summary: 'The hosts of the lab',
    answer: 'name, provider, address, port and the situations that are switched on, for each host',
    handle: (lab) => lab.hosts,
  },
  {
    method: 'get',
    path: '/authority.pem',
    summary: 'The root certificate of the lab, for clients that check certificates',
    answer: 'a certificate in PEM; another one each time the lab is started',
    text: 'application/x-pem-file',
    handle: (lab) => lab.authorities(),
  },
  {
    method: 'put',
    path: '/hosts/{host}/situations/{situation}',
    summary: 'Switches a situation on',
    answer: 'the host',
    handle: (lab, { path }) => switched(lab, path, true),
  },
  {
    method: 'delete',
    path: '/hosts/{host}/situations/{situation}',
    summary: 'Switches a situation off',
    answer: 'the host',
    handle: (lab, { path }) => switched(lab, path, false),
  },
  {
    method: 'post',
    path: '/hosts/{host}/faults',
    summary: 'Plans what the host does the next few times it is asked at a stage',
    body: faultSchema,
    answer: 'the planned fault with its id',
    handle: (lab, { path, body }) => faultOf(lab.plan(path.host ?? '', body as z.output<typeof faultSchema>)),
  },
  {
    method: 'get',
    path: '/hosts/{host}/memory',
    summary: 'What the host remembers of its clients: greylists, limits, block lists',
    answer: 'tables of plain data; hosts of one provider share them',
    handle: (lab, { path }) => lab.memory(path.host ?? ''),
  },
  {
    method: 'put',
    path: '/hosts/{host}/memory',
    summary: 'Takes up a memory that was read before, in place of what is remembered now',
    body: memorySchema,
    answer: 'nothing',
    handle: (lab, { path, body }) => lab.loadMemory(path.host ?? '', body as SavedMemory),
  },
  {
    method: 'delete',
    path: '/hosts/{host}/memory',
    summary: 'Makes the host, and the others of its provider, forget all clients',
    answer: 'nothing',
    handle: (lab, { path }) => lab.resetMemory(path.host ?? ''),
  },
  {
    method: 'get',
    path: '/faults/unused',
    summary: 'Planned faults that have not been used up',
    answer: 'the faults, with how often each is still to come',
    handle: (lab) => lab.unusedFaults.map(faultOf),
  },
  {
    method: 'get',
    path: '/clock',
    summary: "The lab's time",
    answer: 'now, in ms since 1970 and as ISO 8601',
    handle: (lab) => timeOf(lab),
  },
  {
    method: 'post',
    path: '/clock/advance',
    summary: 'Moves the time on; only with a manual clock',
    body: z.strictObject({ by: durationSchema.describe('such as 5m') }),
    answer: 'the time afterwards',
    handle(lab, { body }) {
      lab.advance((body as { by: number }).by);
      return timeOf(lab);
    },
  },
  {
    method: 'get',
    path: '/dialogues',
    summary: 'The dialogues of the hosts, oldest first',
    query: hostQuery,
    answer: 'id, host, provider, client, events and end of each; without end while it lasts',
    handle: (lab, { query }) => ofHost(lab, query).map(dialogueOf),
  },
  {
    method: 'get',
    path: '/dialogues/wait',
    summary: 'Waits until so many dialogues have ended since the start or the last reset',
    query: waitSchema,
    answer: 'the dialogues that have ended',
    async handle(lab, { query }) {
      const { count, patience } = query as z.output<typeof waitSchema>;
      return (await lab.waitForDialogues(count, patience)).map(dialogueOf);
    },
  },
  {
    method: 'get',
    path: '/messages',
    summary: 'Messages that hosts have taken or refused after the dot',
    query: hostQuery,
    answer: 'host, sender, recipients, accepted, bytes and content (at most the first MiB) of each',
    handle: (lab, { query }) =>
      ofHost(lab, query).flatMap(({ host, messages }) => messages.map((m) => messageOf(host, m))),
  },
  {
    method: 'post',
    path: '/reset',
    summary:
      'Forgets what hosts remember of their clients, all dialogues and planned faults; situations stay',
    answer: 'nothing',
    handle: (lab) => lab.reset(),
  },
];

function switched(lab: RunningLab, { host = '', situation = '' }: Asked['path'], on: boolean): unknown {
  lab.switch(host, situation, on);
  return lab.host(host);
}

function timeOf({ clock }: RunningLab): unknown {
  return { now: clock.now(), iso: new Date(clock.now()).toISOString() };
}

function faultOf({ id, host, at, recipient, times, left, decision }: HostFault): unknown {
  const reply = decision.kind === 'reply' ? { code: decision.reply.code } : {};
  return { id, host, at, recipient, times, left, does: decision.kind, ...reply };
}

function ofHost(lab: RunningLab, { host }: Asked['query']): readonly HostDialogue[] {
  return host === undefined ? lab.dialogues : lab.dialogues.filter((dialogue) => dialogue.label === host);
}

/** A dialogue as JSON; its messages are asked for apart. */
function dialogueOf({ id, label, provider, client, events, end }: HostDialogue): object {
  return { id, host: label, provider, client, events, ...(end ? { end } : {}) };
}

function messageOf(host: string, { content, ...facts }: ReceivedMessage): unknown {
  return { host, ...facts, content: content.toString('utf8') };
}
