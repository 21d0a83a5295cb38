import PostalMime, { type Email } from 'postal-mime';
import type { Finding } from './finding.ts';
import { LineDesk } from './line-desk.ts';
import type { Understanding } from './understanding.ts';

/** What a mail message tells: that of its delivery status, or else of its text. RFC 3464 */
export async function readMessage(
  text: string,
): Promise<{ readonly findings: readonly Finding[]; readonly understanding: Understanding }> {
  const email = await parse(text);
  if (email === undefined) return readLines(text);
  const statuses = email.attachments.filter(({ mimeType }) =>
    /^message\/(?:global-)?delivery-status$/.test(mimeType),
  );
  const told = statuses.map(({ content }) => readLines(latin1Of(content)));
  const useful = told.filter(({ findings }) => findings.length > 0);
  // Some hosts write their refusal into the text alone: a reader of bounces finds it there.
  if (useful.length === 0)
    return readLines(Buffer.from(email.text ?? email.html ?? '', 'utf8').toString('latin1'));
  return {
    findings: useful.flatMap(({ findings }) => findings),
    understanding: {
      lines: useful.reduce((sum, { understanding }) => sum + understanding.lines, 0),
      formats: [{ name: 'message', title: 'a delivery status notification (RFC 3464)', lines: 1 }],
      unread: 0,
      samples: [],
    },
  };
}

/** Nothing for a message that is nested too deep or has headers without end: then its lines are all there is. */
async function parse(text: string): Promise<Email | undefined> {
  try {
    return await PostalMime.parse(Buffer.from(text, 'latin1'), {
      rfc822Attachments: true,
      maxNestingDepth: 20,
    });
  } catch {
    return undefined;
  }
}

function readLines(text: string): { findings: Finding[]; understanding: Understanding } {
  const desk = new LineDesk();
  const findings = text.split(/\r?\n/).flatMap((line) => desk.take(line));
  return { findings: [...findings, ...desk.end()], understanding: desk.understanding };
}

function latin1Of(content: ArrayBuffer | Uint8Array | string): string {
  if (typeof content === 'string') return Buffer.from(content, 'utf8').toString('latin1');
  return (
    content instanceof Uint8Array ? Buffer.from(content) : Buffer.from(new Uint8Array(content))
  ).toString('latin1');
}
