import type { Knowledge } from '../knowledge/knowledge.ts';
import type { DialogueEntry, NotedEvent } from './dialogue.ts';
import { textOf } from './json-text.ts';

interface Record {
  readonly type: string;
  readonly fields: object;
}

/** An entry of a dialogue as a JSON record; none for time going by, which the times of the others tell. */
export function recordOfEntry(entry: DialogueEntry, knowledge: Knowledge): Record | undefined {
  const atMs = entry.at;
  switch (entry.kind) {
    case 'lines': {
      const { by, lines, unshown } = entry;
      const fields = { atMs, lines: lines.map(textOf), ...(unshown > 0 ? { bytesMore: unshown } : {}) };
      return { type: by === 'client' ? 'sent' : 'received', fields };
    }
    case 'reply': {
      const { reply, stage, host, provider, elapsed, unsolicited } = entry;
      const { reason, about, rule } = knowledge.explain(reply, {
        stage,
        ...(provider === undefined ? {} : { provider }),
      });
      const said = {
        code: reply.code,
        enhanced: reply.enhanced,
        lines: reply.raw.map(textOf),
        oddities: reply.oddities,
      };
      const asked = unsolicited ? { unsolicited } : {};
      return {
        type: 'reply',
        fields: {
          atMs,
          elapsedMs: elapsed,
          host,
          provider,
          stage,
          ...said,
          ...asked,
          explanation: { reason, about, rule },
        },
      };
    }
    case 'ending': {
      const { kind, stage, elapsed, command } = entry.ending;
      const { how, why, code, after } = {
        how: undefined,
        why: undefined,
        code: undefined,
        after: undefined,
        ...entry.ending,
      };
      const bytes = 'bytes' in entry.ending ? textOf(entry.ending.bytes) : undefined;
      const inFlight = command === undefined ? undefined : textOf(command);
      return {
        type: 'ending',
        fields: {
          atMs,
          elapsedMs: elapsed,
          stage,
          command: inFlight,
          ending: kind,
          how,
          why,
          code,
          afterMs: after,
          bytes,
          text: entry.text,
        },
      };
    }
    case 'verdict':
      return { type: 'verdict', fields: { atMs, ...verdictFields(entry) } };
    case 'note':
      return entry.event && recordOfEvent(entry.event, atMs);
    default:
      return entry satisfies never;
  }
}

function verdictFields({ verification, again }: Extract<DialogueEntry, { kind: 'verdict' }>): object {
  const { address, verdict, subReason, exists, confidence, catchAll, evidence, notes } = verification;
  const { host, ip, stage, reply, event, reason, rule, tries, elapsed, controls } = evidence;
  return {
    address,
    verdict,
    subReason,
    exists,
    confidence,
    againMs: again,
    host,
    ip,
    stage,
    code: reply?.code,
    enhanced: reply?.enhanced,
    event,
    reason,
    rule,
    catchAll: catchAll?.probability,
    controls: controls.map(({ address, result, reply }) => ({ address, result, code: reply?.code })),
    attempts: tries,
    elapsedMs: elapsed,
    notes: notes.map(textOf),
  };
}

function recordOfEvent(event: NotedEvent, atMs: number): Record {
  switch (event.kind) {
    case 'connected':
      return { type: 'connected', fields: { atMs, host: event.host, address: event.address } };
    case 'secured':
      return { type: 'secured', fields: { atMs, ...event.facts } };
    case 'left':
      return { type: 'left', fields: { atMs, how: event.how } };
    case 'hung-up':
      return { type: 'hung-up', fields: { atMs } };
    default:
      return event satisfies never;
  }
}
