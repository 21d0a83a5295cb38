import type { Reply } from '../smtp/reply.ts';
import type { Command } from './command.ts';
import { fromBase64, type SaslClient, toBase64 } from './sasl.ts';
import type { Got } from './withheld.ts';

const blanked = '****';
/** Octets of a command line, CRLF included. RFC 5321 4.5.3.1.4 */
const commandLine = 512;

/**
 * Runs one AUTH exchange to its end (RFC 4954 4). A challenge that cannot be decoded, or that the mechanism has no
 * answer to, is cancelled with `*`.
 */
export async function logIn(client: SaslClient, ask: (command: Command) => Promise<Got>): Promise<Got> {
  const { command, responses } = opening(client);
  let got = await ask(command);
  for (let n = responses; got.kind === 'reply' && got.reply.code === 334 && !got.unsolicited; n++) {
    const challenge = challengeOf(got.reply);
    const response = challenge === undefined ? undefined : client.respond(n, challenge);
    if (response === undefined) return ask({ stage: 'auth', line: '*' });
    got = await ask({ stage: 'auth', line: toBase64(response), shown: response === '' ? '' : blanked });
  }
  return got;
}

/** The AUTH command, with the first response where the client has one and the line does not get too long for it. */
function opening(client: SaslClient): { command: Command; responses: number } {
  const line = `AUTH ${client.mechanism}`;
  const command: Command = { stage: 'auth', line, needs: ['AUTH'], last: true };
  if (!client.clientFirst) return { command, responses: 0 };
  const whole = `${line} ${toBase64(client.respond(0, '') ?? '') || '='}`; // RFC 4954 4: an empty one is a single =
  if (whole.length + 2 > commandLine) return { command, responses: 0 };
  return { command: { ...command, line: whole, shown: `${line} ${blanked}` }, responses: 1 };
}

/** The challenge as bytes in Latin-1. `334` with nothing behind it is an empty one (rule AUT-03). */
function challengeOf({ raw }: Reply): string | undefined {
  return raw.length === 1 ? fromBase64(raw[0]?.slice(4).trim() ?? '') : undefined;
}
