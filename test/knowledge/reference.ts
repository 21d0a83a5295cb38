import { z } from 'zod';
import { parseDocument } from '../../src/datafile/document.ts';
import { readSource } from '../../src/datafile/read-source.ts';
import { type Reason, reasons } from '../../src/knowledge/vocabulary.ts';
import type { Stage } from '../../src/smtp/stage.ts';

const schema = z.array(
  z.looseObject({
    provider: z.string(),
    stage: z.enum(['connect', 'helo', 'starttls', 'auth', 'mail', 'rcpt', 'data', 'message', 'quit', 'any']),
    reply: z.array(z.string()).min(1),
    code: z.int(),
    reason: z.enum(reasons),
  }),
);

/** One reply as it was observed, with `{placeholders}` for what changes from day to day. */
export interface ReferenceReply {
  readonly provider: string;
  readonly stage?: Stage;
  readonly lines: readonly string[];
  readonly reason: Reason;
}

/** The 847 observed replies that the knowledge is measured by. */
export async function referenceReplies(): Promise<readonly ReferenceReply[]> {
  const source = await readSource(
    new URL('../../fixtures/reference/provider-replies.yaml', import.meta.url).pathname,
  );
  if (Array.isArray(source)) throw new Error(JSON.stringify(source));
  const parsed = parseDocument(source, schema);
  if ('issues' in parsed) throw new Error(JSON.stringify(parsed.issues));
  return parsed.value.map(({ provider, stage, reply, reason }) => {
    const here = ours(stage);
    return { provider, lines: reply, reason, ...(here === undefined ? {} : { stage: here }) };
  });
}

function ours(stage: string): Stage | undefined {
  if (stage === 'any') return undefined;
  return ({ connect: 'greeting', helo: 'ehlo' } as const)[stage] ?? (stage as Stage);
}

const usual: Readonly<Record<string, string>> = {
  ip: '203.0.113.7',
  host: 'mx1.example.net',
  helo: 'probe.example.org',
  sender: 'news@sender.example',
  'sender-domain': 'sender.example',
  recipient: 'ada@example.net',
  'recipient-domain': 'example.net',
  id: 'a92af7a3c1f1e8-7f',
  'message-id': '1234@sender.example',
  'queue-id': '4FbQ2z',
  uuid: '0b1c2d3e-1111-2222-3333-444455556666',
  token: 'Xk3JqPz81',
  date: 'Wed, 26 Aug 2020 10:00:00 +0200',
  time: '10:00:00',
  unixtime: '1700000000',
  n: '17',
  bytes: '10485760',
  version: '8.15.2',
  region: 'eu-west-1',
  site: 'bf1',
  rbl: 'zen.spamhaus.org',
  command: 'XYZZY',
  'help-url': 'https://support.google.com/a/answer/81126',
  reply: 'see the log for more',
  banner: 'mx1',
  name: 'Eicar',
};

/** The lines with something in each placeholder. */
export function filled(lines: readonly string[], values: Readonly<Record<string, string>> = {}): string[] {
  return lines.map((line) =>
    line.replace(/\{([a-z-]+)\}/g, (all, name: string) => values[name] ?? usual[name] ?? all),
  );
}
