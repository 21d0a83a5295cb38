import type { Message } from './step.ts';

/** What a made-up message needs to know of its envelope. */
interface Envelope {
  readonly sender: string;
  readonly recipient: string;
  /** ms. */
  readonly now: number;
}

/** The message of a step: as written, of a certain size, or a small made-up one. RFC 5322 3.6 */
export function sampleMessage(message: Message | undefined, { sender, recipient, now }: Envelope): string {
  if (typeof message === 'string') return message;
  const head = [
    `From: <${sender}>`,
    `To: <${recipient}>`,
    'Subject: A message made up by mxlab',
    `Date: ${new Date(now).toUTCString().replace('GMT', '+0000')}`,
    'Message-ID: <mxlab@probe.example.net>',
    '',
    '',
  ].join('\r\n');
  const body = 'This message tests how it is received. Nobody needs to read it.\r\n';
  return message === null || message === undefined ? head + body : padded(head, message.size);
}

/** Lines of 78 characters, CRLF included, until the whole has exactly so many bytes (never fewer than the head). */
function padded(head: string, size: number): string {
  const line = `${'x'.repeat(76)}\r\n`;
  const missing = Math.max(0, size - head.length);
  const lines = line.repeat(Math.floor(missing / line.length));
  const rest = missing - lines.length;
  return head + lines + (rest > 2 ? `${'x'.repeat(rest - 2)}\r\n` : 'x'.repeat(rest));
}
