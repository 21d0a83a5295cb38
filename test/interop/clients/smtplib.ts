import { fileURLToPath } from 'node:url';
import { run } from '../peers.ts';
import type { Delivery } from './delivery.ts';

const script = fileURLToPath(new URL('smtplib_client.py', import.meta.url));

/** What smtplib told of one message. */
export interface SmtplibStory {
  /** Keywords of the EHLO reply, in small letters and in their order. */
  readonly keywords?: readonly string[];
  readonly 'keywords inside'?: readonly string[];
  /** The EHLO reply, lines joined by LF. */
  readonly ehlo?: string;
  readonly login?: readonly [number, string];
  /** The host had said 250 to the message. */
  readonly accepted?: true;
  /** Its class, arguments and text. */
  readonly exception?: string;
  readonly arguments?: readonly unknown[];
  readonly text?: string;
}

export async function sendWithSmtplib(delivery: Delivery): Promise<SmtplibStory> {
  const { code, output, errors } = await run(
    'python3',
    [script],
    JSON.stringify({ ...delivery, root: delivery.trust?.root }),
  );
  if (code !== 0) throw new Error(`python3 ended with ${code}: ${errors}`);
  return JSON.parse(output) as SmtplibStory;
}
