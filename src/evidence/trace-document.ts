import { z } from 'zod';
import type { Finding } from './finding.ts';
import { latin1 } from './lines.ts';
import { Session } from './session.ts';

const lines = z.array(z.string()).default([]);
/** As much of a trace as is needed: `report/json-format.md` tells all of it. */
const traceSchema = z.looseObject({
  connections: z.array(
    z.looseObject({
      host: z.string(),
      events: z.array(
        z.looseObject({
          kind: z.string(),
          lines,
          host: z.string().optional(),
          address: z.string().optional(),
          port: z.number().optional(),
          how: z.enum(['closed', 'reset']).optional(),
          facts: z.looseObject({ protocol: z.string() }).optional(),
          ending: z.looseObject({ kind: z.string(), how: z.enum(['closed', 'reset']).optional() }).optional(),
        }),
      ),
    }),
  ),
  steps: z
    .array(
      z.looseObject({
        dialogue: z
          .array(z.looseObject({ host: z.string().optional(), provider: z.string().optional() }))
          .default([]),
      }),
    )
    .default([]),
});

type Trace = z.infer<typeof traceSchema>;
type Event = Trace['connections'][number]['events'][number];

/** What a trace of `mxlab run --trace` tells; `undefined` when the text is no such trace. Finding lines are those of the connection's number. */
export function readTrace(text: string): readonly Finding[] | undefined {
  const trace = parse(text);
  if (trace === undefined) return undefined;
  const providers = new Map(
    trace.steps
      .flatMap(({ dialogue }) => dialogue)
      .flatMap(({ host, provider }) =>
        host !== undefined && provider !== undefined ? [[host, provider]] : [],
      ) as [string, string][],
  );
  return trace.connections.flatMap(({ host, events }) => {
    const session = new Session('trace');
    const found = [...events.flatMap((event) => replay(session, event)), ...session.end(1)];
    const provider = providers.get(host);
    return provider === undefined ? found : found.map((finding) => ({ ...finding, provider }));
  });
}

function replay(session: Session, event: Event): readonly Finding[] {
  const texts = event.lines.map(latin1);
  switch (event.kind) {
    case 'connected': {
      const { host = '', address = '', port = 25 } = event;
      return session.connected({ host, address, port }, 1);
    }
    case 'sent':
      return texts.flatMap((text) => session.client(text, 1));
    case 'received':
      return texts.flatMap((text) => session.server(text, 1));
    case 'secured':
      session.secured(event.facts?.protocol ?? 'TLS');
      return [];
    case 'left':
      return session.lost(event.how ?? 'closed', 1);
    case 'ended':
      return session.lost(
        event.ending?.kind === 'timed-out' ? 'timed-out' : (event.ending?.how ?? 'closed'),
        1,
      );
    default:
      return session.end(1);
  }
}

function parse(text: string): Trace | undefined {
  try {
    const read = traceSchema.safeParse(JSON.parse(Buffer.from(text, 'latin1').toString('utf8')));
    return read.success ? read.data : undefined;
  } catch {
    return undefined;
  }
}
