import { type Finding, type Format, nothing } from '../finding.ts';
import { latin1 } from '../lines.ts';
import { quoteWire } from '../quoted-reply.ts';
import { isStage } from '../stage-names.ts';

/** What `mxlab run --reporter json` and `mxlab serve --json` write: one record for each line, of which replies have their lines. */
export const ownRecords: Format = {
  name: 'records',
  title: 'records of mxlab',
  reader: () => ({ take, end: () => nothing }),
};

function take(line: string, number: number): readonly Finding[] | undefined {
  if (!/^\{"(?:type|kind)":"/.test(line)) return undefined;
  const record = parse(line);
  if (record === undefined) return undefined;
  const { lines, code, stage, provider } = record;
  const texts = Array.isArray(lines) ? lines.filter((text) => typeof text === 'string').map(latin1) : [];
  if (
    typeof code !== 'number' ||
    texts.length === 0 ||
    !texts.every((text) => /^[2-5]\d\d(?:[ -]|$)/.test(text))
  )
    return nothing;
  return [
    {
      kind: 'reply',
      quoted: quoteWire(texts),
      format: 'records',
      line: number,
      ...(isStage(stage) ? { stage } : {}),
      ...(typeof provider === 'string' ? { provider } : {}),
    },
  ];
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(line, 'latin1').toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
