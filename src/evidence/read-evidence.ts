import { documentKind, largestDocument } from './documents.ts';
import type { Finding, Format } from './finding.ts';
import { LineDesk } from './line-desk.ts';
import { together, type Understanding } from './understanding.ts';

/** Findings in the order of the evidence, and at the end what of it could be read. */
export type Reading = AsyncGenerator<readonly Finding[], Understanding>;

/**
 * Reads whatever a person hands over: replies, transcripts, logs, bounces, traces; told apart by the text alone. Lines are
 * Latin-1 without their ends, in batches as they come. Line formats stream; a message or trace is held whole, up to 32 MiB.
 */
export async function* readEvidence(
  batches: AsyncIterable<readonly string[]>,
  formats?: readonly Format[],
): Reading {
  const desk = new LineDesk(formats);
  let whole: string[] | undefined;
  let size = 0;
  let begun = false;
  for await (const lines of batches) {
    const found: Finding[] = [];
    for (const line of lines) {
      if (!begun && line.trim() !== '') {
        begun = true;
        if (documentKind(line) !== undefined) whole = [];
      }
      size += line.length;
      if (whole === undefined) found.push(...desk.take(line));
      else if (size <= largestDocument) whole.push(line);
    }
    if (found.length > 0) yield found;
  }
  if (whole !== undefined) return yield* readWhole(whole);
  const last = desk.end();
  if (last.length > 0) yield last;
  return desk.understanding;
}

async function* readWhole(lines: readonly string[]): Reading {
  const text = lines.join('\n');
  if (documentKind(lines[0] ?? '') === 'trace') {
    const { readTrace } = await import('./trace-document.ts');
    const found = readTrace(text) ?? [];
    yield found;
    return traceUnderstood(lines, found.length > 0);
  }
  const { readMessage } = await import('./message-document.ts');
  const understandings: Understanding[] = [];
  for (const message of messagesOf(text)) {
    const { findings, understanding } = await readMessage(message);
    understandings.push(understanding);
    if (findings.length > 0) yield findings;
  }
  return together(understandings);
}

/** Of a mailbox file each message; any other is one. RFC 4155 A */
function messagesOf(text: string): string[] {
  return text.split(/(?:^|\n)From \S{1,320} [^\n]{10,60}\n/).filter((message) => message.trim() !== '');
}

function traceUnderstood(lines: readonly string[], read: boolean): Understanding {
  return {
    lines: lines.length,
    formats: read ? [{ name: 'trace', title: 'a trace of mxlab', lines: lines.length }] : [],
    unread: read ? 0 : lines.length,
    samples: [],
  };
}
