import { type Stage, stageFacts, stages } from '../smtp/stage.ts';
import { parseDuration } from '../time/duration.ts';
import type { Ending } from './ending.ts';
import { hangUps, misses } from './note.ts';
import type { TranscriptEvent } from './transcript.ts';
import { readWireText } from './wire-text.ts';

/** What a note behind `--` tells: something that happened, or that time went by (ms). */
export type Note =
  | { readonly kind: 'pause'; readonly ms: number }
  | { readonly kind: 'more'; readonly bytes: number }
  | { readonly kind: 'event'; readonly event: Event }
  | { readonly kind: 'ending'; readonly ending: EndingNote };

type Without<T, K extends PropertyKey> = T extends unknown ? Omit<T, K> : never;
type Event = Without<Exclude<TranscriptEvent, { kind: 'sent' | 'received' | 'ended' }>, 'at' | 'tls'>;

/** An ending without what only its surroundings can tell. */
type EndingNote = Without<Ending, 'lastSent' | 'lastReceived' | 'elapsed' | 'tls'>;

/** Reads what `noteOf` and its companions write; `undefined` for other words. */
export function readNote(text: string): Note | undefined {
  const pause = /^(.+) later$/.exec(text)?.[1];
  const ms = pause === undefined ? undefined : readSpan(pause);
  if (ms !== undefined) return { kind: 'pause', ms };
  const more = /^and (\d+) bytes more$/.exec(text)?.[1];
  if (more !== undefined) return { kind: 'more', bytes: Number(more) };
  const event = readEvent(text);
  if (event) return { kind: 'event', event };
  const ending = readEnding(text);
  return ending && { kind: 'ending', ending };
}

/** `4 h 10 min` as people and `formatDuration` write it, in ms. */
function readSpan(text: string): number | undefined {
  return parseDuration(text.replace(/ min\b/g, 'm').replaceAll(' ', ''));
}

function readEvent(text: string): Event | undefined {
  if (text === 'we hung up') return { kind: 'hung-up' };
  for (const how of ['closed', 'reset'] as const) {
    if (text === `the host ${hangUps[how]}`) return { kind: 'left', how };
  }
  const to = /^connected to (\S+?)(?: \((\S+?)(?: port (\d+))?\)| port (\d+))?$/.exec(text);
  if (to) {
    const [, host = '', address = host, port, barePort] = to;
    return { kind: 'connected', host, address, port: Number(port ?? barePort ?? 25) };
  }
  const tls = /^(TLS [\d.]+|SSLv\d)(?:, certificate (?:(trusted)|(not trusted)(?:: (.+))?))?$/.exec(text);
  if (!tls) return undefined;
  const [, version = '', trusted, untrusted, why] = tls;
  const protocol = version.replace('TLS ', 'TLSv');
  return {
    kind: 'secured',
    facts: {
      protocol,
      cipher: '',
      ...((trusted ?? untrusted) === undefined ? {} : { trusted: trusted !== undefined }),
      ...(why === undefined ? {} : { why }),
    },
  };
}

function readEnding(text: string): EndingNote | undefined {
  const hangUp = readHangUp(text);
  if (hangUp) return hangUp;
  const silence = /^the host said nothing for (.+) while we were (.+)$/.exec(text);
  const after = readSpan(silence?.[1] ?? '');
  if (after !== undefined) {
    return at(
      stages.find((stage) => stageFacts[stage].doing === silence?.[2]),
      (stage) => ({ kind: 'timed-out', stage, after }),
    );
  }
  const broken = /^the host broke the protocol in reply to (.+?) \((.+?)\): "(.*)"$/.exec(text);
  if (broken) {
    const [, said, why = '', bytes = ''] = broken;
    return at(stageSaid(said), (stage) => ({ kind: 'misspoke', stage, why, bytes: readWireText(bytes) }));
  }
  const tls = /^the TLS handshake failed: (.+) \(([^()]*)\)$/.exec(text);
  if (tls) return { kind: 'tls-failed', stage: 'starttls', why: tls[1] ?? '', code: tls[2] ?? '' };
  for (const why of ['refused', 'no-route', 'timed-out'] as const) {
    const opening = `the host ${misses[why]} (`;
    if (text.startsWith(opening))
      return { kind: 'unreachable', stage: 'connect', why, code: text.slice(opening.length, -1) };
  }
  return undefined;
}

function readHangUp(text: string): EndingNote | undefined {
  const unsent = /^(.+) was not sent: the host had (closed|reset) the connection \(\w+\)$/.exec(text);
  if (unsent) {
    const command = readWireText(unsent[1] ?? '');
    return {
      kind: 'disconnected',
      stage: 'command',
      how: unsent[2] as 'closed' | 'reset',
      unsolicited: true,
      command,
    };
  }
  const found = /^the host (closed|reset) the connection \(\w+\) (?:(unasked)|in reply to (.+))$/.exec(text);
  if (!found) return undefined;
  const how = found[1] as 'closed' | 'reset';
  if (found[2]) return { kind: 'disconnected', stage: 'command', how, unsolicited: true };
  return at(stageSaid(found[3]), (stage) => ({ kind: 'disconnected', stage, how }));
}

function at(stage: Stage | undefined, make: (stage: Stage) => EndingNote): EndingNote | undefined {
  return stage && make(stage);
}

/** Connect and greeting share their words; it is the greeting that can be due on a connection. */
function stageSaid(said: string | undefined): Stage | undefined {
  return said === stageFacts.greeting.said
    ? 'greeting'
    : stages.find((stage) => stageFacts[stage].said === said);
}
