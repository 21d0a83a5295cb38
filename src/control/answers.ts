/** What the control API answers: the JSON, and beside it the shape of it, for its OpenAPI document. */

import { z } from 'zod';
import type { HostDialogue, ReceivedMessage } from '../sim/host-dialogue.ts';
import { hostStages } from '../sim/options.ts';
import { stages } from '../smtp/stage.ts';
import type { HostFault, RunningLab } from '../world/running-lab.ts';

export const hostShape = z.object({
  name: z.string(),
  provider: z.string(),
  address: z.string(),
  port: z.int(),
  situations: z.array(z.string()).describe('switched on at the moment'),
});

export const faultShape = z.object({
  id: z.string().describe('of its own among the faults of its host'),
  host: z.string(),
  at: z.enum(hostStages),
  recipient: z.string().optional(),
  times: z.int(),
  left: z.int().describe('so often it is still to come'),
  does: z.enum(['accept', 'reply', 'close', 'reset', 'silence']),
  code: z.int().optional().describe('of the reply'),
});

export function faultOf({ id, host, at, recipient, times, left, decision }: HostFault): object {
  const reply = decision.kind === 'reply' ? { code: decision.reply.code } : {};
  return { id, host, at, recipient, times, left, does: decision.kind, ...reply };
}

export const timeShape = z.object({
  now: z.number().describe('ms since 1970'),
  iso: z.string().describe('the same as ISO 8601'),
});

export function timeOf({ clock }: RunningLab): object {
  return { now: clock.now(), iso: new Date(clock.now()).toISOString() };
}

const eventShape = z
  .looseObject({
    kind: z.enum(['connected', 'sent', 'received', 'secured', 'hung-up', 'left', 'ended']),
    at: z.number().describe("the clock's time, in ms since 1970"),
    tls: z.boolean(),
    lines: z.array(z.string()).optional().describe('of sent and received: without line ends, as Latin-1'),
    bytes: z.int().optional().describe('of sent and received: all of them'),
  })
  .describe("told from the client's side: sent is what the client said");

export const dialogueShape = z.object({
  id: z.int().describe('counts the dialogues of the lab from 1'),
  host: z.string().describe('its name in the lab'),
  provider: z.string(),
  client: z.string().describe('the address the client came from'),
  events: z.array(eventShape),
  end: z
    .object({
      at: z.enum(stages).describe('the stage of the last command'),
      by: z.enum(['host', 'client']),
      how: z.enum(['closed', 'reset']).describe('FIN or RST'),
      unanswered: z.boolean().describe('a reply was due'),
    })
    .optional()
    .describe('absent while it lasts'),
});

/** A dialogue as JSON; its messages are asked for apart. */
export function dialogueOf({ id, label, provider, client, events, end }: HostDialogue): object {
  return { id, host: label, provider, client, events, ...(end ? { end } : {}) };
}

export const messageShape = z.object({
  host: z.string(),
  sender: z.string(),
  recipients: z.array(z.string()),
  bytes: z.int(),
  accepted: z.boolean(),
  content: z.string().describe('the first MiB, dots unstuffed, read as UTF-8'),
});

export function messageOf(host: string, { content, ...facts }: ReceivedMessage): object {
  return { host, ...facts, content: content.toString('utf8') };
}

export const errorShape = z.object({ error: z.string().describe('what is wrong, for people') });
