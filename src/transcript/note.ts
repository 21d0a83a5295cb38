import { stageFacts } from '../smtp/stage.ts';
import { escapeControls } from '../text/escape.ts';
import { formatDuration } from '../time/duration.ts';
import type { Ending } from './ending.ts';
import type { TlsFacts, TranscriptEvent } from './transcript.ts';
import { writeWireText } from './wire-text.ts';

export const hangUps = {
  closed: 'closed the connection (FIN)',
  reset: 'reset the connection (RST)',
} as const;

export const misses = {
  refused: 'refused the connection',
  'no-route': 'cannot be reached',
  'timed-out': 'did not answer our connection',
} as const;

/**
 * What stands behind `--` for an event that is not a line of the dialogue. One line, harmless on a terminal, and the
 * same everywhere: `connected to mx.example.net (192.0.2.1)`. `undefined` for lines.
 */
export function noteOf(event: TranscriptEvent): string | undefined {
  switch (event.kind) {
    case 'connected': {
      const port = event.port === 25 ? '' : ` port ${event.port}`;
      const where = event.host === event.address ? port : ` (${event.address}${port})`;
      return escapeControls(`connected to ${event.host}${where}`);
    }
    case 'secured':
      return escapeControls(describeTls(event.facts));
    case 'hung-up':
      return 'we hung up';
    case 'left':
      return `the host ${hangUps[event.how]}`;
    case 'ended':
      return noteOfEnding(event.ending);
    case 'sent':
    case 'received':
      return undefined;
    default:
      return event satisfies never;
  }
}

/** `5 min later`: simulated or real time went by without a word. */
export function noteOfPause(ms: number): string {
  return `${formatDuration(ms)} later`;
}

/** `TLS 1.3, certificate trusted`; of a host that cannot know, `TLS 1.3`. */
function describeTls({ protocol, trusted, why }: TlsFacts): string {
  const version = protocol.replace(/^TLSv/, 'TLS ');
  if (trusted === undefined) return version;
  if (trusted) return `${version}, certificate trusted`;
  return `${version}, certificate not trusted${why === undefined ? '' : `: ${why}`}`;
}

export function noteOfEnding(ending: Ending): string {
  const { said, doing } = stageFacts[ending.stage];
  switch (ending.kind) {
    case 'disconnected':
      return noteOfHangUp(ending, said);
    case 'timed-out':
      return `the host said nothing for ${formatDuration(ending.after)} while we were ${doing}`;
    case 'misspoke':
      return `the host broke the protocol in reply to ${said} (${escapeControls(ending.why)}): "${writeWireText(ending.bytes)}"`;
    case 'unreachable':
      return `the host ${misses[ending.why]} (${escapeControls(ending.code)})`;
    case 'tls-failed':
      return escapeControls(`the TLS handshake failed: ${withCode(ending.why, ending.code)}`);
    default:
      return ending satisfies never;
  }
}

function noteOfHangUp(
  { how, unsolicited, command }: Extract<Ending, { kind: 'disconnected' }>,
  said: string,
): string {
  if (!unsolicited) return `the host ${hangUps[how]} in reply to ${said}`;
  if (command === undefined) return `the host ${hangUps[how]} unasked`;
  return `${writeWireText(command)} was not sent: the host had ${hangUps[how]}`;
}

/** Reasons of a handshake's failure mostly name their code already. */
function withCode(why: string, code: string): string {
  return why.endsWith(`(${code})`) ? why : `${why} (${code})`;
}
