import { timingSafeEqual } from 'node:crypto';
import { isLoopback } from '../probe/live-dial.ts';

/** Who may pass: with a token those who know it, and by any name only where the API is not on loopback. */
export interface Gate {
  readonly token: string | undefined;
  readonly everyName: boolean;
}

/** Why a request is turned away before anybody looks at what it wants. */
export interface TurnedAway {
  readonly status: 401 | 403 | 415;
  readonly error: string;
}

/** What is said to whoever may not pass; `header` gives a header of the request by its name. */
export function turnAway(
  { token, everyName }: Gate,
  header: (name: string) => string | undefined,
): TurnedAway | undefined {
  if (!everyName && !namesThisMachine(header('host') ?? ''))
    return { status: 403, error: 'the Host header does not name this machine' };
  // a page in a browser; those may not steer what runs on this machine
  if (header('origin') !== undefined) return { status: 403, error: 'browsers are not let in' };
  if (token !== undefined && !knows(header('authorization') ?? '', token))
    return { status: 401, error: 'a bearer token is needed' };
  const type = header('content-type');
  if (type !== undefined && !/^application\/json\b(?!-)/i.test(type))
    return { status: 415, error: 'bodies must be application/json' };
  return undefined;
}

function namesThisMachine(host: string): boolean {
  return isLoopback(host.replace(/:\d+$/, '').replace(/^\[|\]$/g, ''));
}

/** Whether a header gives the token, in a time that does not tell how much of it was right. RFC 6750 2.1 */
function knows(header: string, token: string): boolean {
  const given = Buffer.from(/^Bearer (.+)$/i.exec(header)?.[1] ?? '');
  const wanted = Buffer.from(token);
  return given.length === wanted.length && timingSafeEqual(given, wanted);
}
