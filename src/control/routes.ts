import { z } from 'zod';
import { durationSchema } from '../datafile/schemas.ts';
import type { HostDialogue } from '../sim/host-dialogue.ts';
import { memorySchema, type SavedMemory } from '../sim/memory.ts';
import { faultSchema } from '../world/decision-schema.ts';
import type { RunningLab } from '../world/running-lab.ts';
import {
  dialogueOf,
  dialogueShape,
  faultOf,
  faultShape,
  hostShape,
  messageOf,
  messageShape,
  timeOf,
  timeShape,
} from './answers.ts';

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
  /** The same for programs; absent where there is no answer but that it is done. */
  readonly shape?: z.ZodType;
  /** The media type of an answer that is text; JSON without it. */
  readonly text?: string;
  /** What may be said instead of the answer besides what any request may be told. */
  readonly refuses?: Readonly<Record<number, string>>;
  /**
   * Throws a RangeError for something that is not there, a TypeError for something that cannot be done, a WaitError for what
   * did not happen in time.
   */
  handle(lab: RunningLab, asked: Asked): unknown;
}

/** What a request says: path parameters, query and body after validation. */
interface Asked {
  readonly path: Readonly<Record<string, string>>;
  readonly query: Record<string, unknown>;
  readonly body: unknown;
}

const waitSchema = z.strictObject({
  count: z.coerce
    .number({ error: 'must be a whole number from 1' })
    .int()
    .min(1)
    .describe('so many dialogues must have ended'),
  patience: durationSchema.default(10_000).describe('how long to wait in real time, such as 10s'),
});

const hostQuery = z.strictObject({ host: z.string().optional().describe('only of this host') });

const noHost = { 404: 'There is no such host.' };

/** The only list: every route of the control API, and what its OpenAPI document is made of. */
export const routes: readonly Route[] = [
  {
    method: 'get',
    path: '/hosts',
    summary: 'The hosts of the lab',
    answer: 'name, provider, address, port and the situations that are switched on, for each host',
    shape: z.array(hostShape),
    handle: (lab) => lab.hosts,
  },
  {
    method: 'get',
    path: '/authority.pem',
    summary: 'The root certificate of the lab, for clients that check certificates',
    answer: 'a certificate in PEM; another one each time the lab is started',
    shape: z.string(),
    text: 'application/x-pem-file',
    handle: (lab) => lab.authorities(),
  },
  {
    method: 'put',
    path: '/hosts/{host}/situations/{situation}',
    summary: 'Switches a situation on',
    answer: 'the host',
    shape: hostShape,
    refuses: { ...noHost, 400: 'The provider has no such situation.' },
    handle: (lab, { path }) => switched(lab, path, true),
  },
  {
    method: 'delete',
    path: '/hosts/{host}/situations/{situation}',
    summary: 'Switches a situation off',
    answer: 'the host',
    shape: hostShape,
    refuses: { ...noHost, 400: 'The provider has no such situation.' },
    handle: (lab, { path }) => switched(lab, path, false),
  },
  {
    method: 'post',
    path: '/hosts/{host}/faults',
    summary: 'Plans what the host does the next few times it is asked at a stage',
    body: faultSchema,
    answer: 'the planned fault with its id',
    shape: faultShape,
    refuses: noHost,
    handle: (lab, { path, body }) => faultOf(lab.plan(path.host ?? '', body as z.output<typeof faultSchema>)),
  },
  {
    method: 'get',
    path: '/hosts/{host}/memory',
    summary: 'What the host remembers of its clients: greylists, limits, block lists',
    answer: 'tables of plain data; hosts of one provider share them',
    shape: memorySchema,
    refuses: noHost,
    handle: (lab, { path }) => lab.memory(path.host ?? ''),
  },
  {
    method: 'put',
    path: '/hosts/{host}/memory',
    summary: 'Takes up a memory that was read before, in place of what is remembered now',
    body: memorySchema,
    answer: 'nothing',
    refuses: noHost,
    handle: (lab, { path, body }) => lab.loadMemory(path.host ?? '', body as SavedMemory),
  },
  {
    method: 'delete',
    path: '/hosts/{host}/memory',
    summary: 'Makes the host, and the others of its provider, forget all clients',
    answer: 'nothing',
    refuses: noHost,
    handle: (lab, { path }) => lab.resetMemory(path.host ?? ''),
  },
  {
    method: 'get',
    path: '/faults/unused',
    summary: 'Planned faults that have not been used up',
    answer: 'the faults, with how often each is still to come',
    shape: z.array(faultShape),
    handle: (lab) => lab.unusedFaults.map(faultOf),
  },
  {
    method: 'get',
    path: '/clock',
    summary: "The lab's time",
    answer: 'now, in ms since 1970 and as ISO 8601',
    shape: timeShape,
    handle: (lab) => timeOf(lab),
  },
  {
    method: 'post',
    path: '/clock/advance',
    summary: 'Moves the time on; only with a manual clock',
    body: z.strictObject({ by: durationSchema.describe('such as 5m') }),
    answer: 'the time afterwards',
    shape: timeShape,
    refuses: { 400: 'Not a duration, or the clock goes by itself.' },
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
    shape: z.array(dialogueShape),
    refuses: noHost,
    handle: (lab, { query }) => ofHost(lab, query).map(dialogueOf),
  },
  {
    method: 'get',
    path: '/dialogues/wait',
    summary: 'Waits until so many dialogues have ended since the start or the last reset',
    query: waitSchema,
    answer: 'the dialogues that have ended',
    shape: z.array(dialogueShape),
    refuses: { 504: 'They did not end in time.' },
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
    shape: z.array(messageShape),
    refuses: noHost,
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

/** Throws a RangeError for a host that is not there. */
function ofHost(lab: RunningLab, query: Asked['query']): readonly HostDialogue[] {
  const { host } = query as z.output<typeof hostQuery>;
  if (host === undefined) return lab.dialogues;
  const { name } = lab.host(host);
  return lab.dialogues.filter((dialogue) => dialogue.label === name);
}
