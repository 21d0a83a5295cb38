import type { Wording } from './wording.ts';

/** What a broken server or path does to the bytes of one reply. */
export type WireFault =
  /** In pieces of `size` bytes, `every` ms apart (0: as separate writes); what is behind the first `bytes`, in one. */
  | { readonly kind: 'split'; readonly size: number; readonly every: number; readonly bytes?: number }
  /** Only the first `bytes`; the rest never comes. */
  | { readonly kind: 'truncate'; readonly bytes: number }
  /** LF instead of CRLF. */
  | { readonly kind: 'bare-lf' }
  /** The whole reply twice, so that the second answers the next command. */
  | { readonly kind: 'doubled' }
  /** Different bytes altogether: a code of two digits, an overlong line, something that is not SMTP. */
  | { readonly kind: 'instead'; readonly bytes: Buffer }
  /** These bytes behind the reply, in the same write. */
  | { readonly kind: 'followed-by'; readonly bytes: Buffer };

/** How a connection ends behind a reply: FIN or RST. */
export type HangUp = 'close' | 'reset';

/**
 * Everything that a host can do with one command. New misbehaviour is a new combination of these, hardly ever
 * a new decision.
 */
export type Decision =
  /** Answer as the profile's accent words it. */
  | { readonly kind: 'accept'; readonly fault?: WireFault; readonly then?: HangUp }
  | {
      readonly kind: 'reply';
      readonly reply: Wording;
      readonly fault?: WireFault;
      readonly then?: HangUp;
    }
  /** FIN, no words. */
  | { readonly kind: 'close' }
  /** RST, no words. */
  | { readonly kind: 'reset' }
  /** No answer to this or to anything that follows; the connection stays. */
  | { readonly kind: 'silence' };

export const accept: Decision = { kind: 'accept' };

export function refuses(decision: Decision): boolean {
  return decision.kind === 'reply' && decision.reply.code >= 400;
}

export function resets(decision: Decision): boolean {
  return decision.kind === 'reset' || ('then' in decision && decision.then === 'reset');
}

/** Looks at the rest of the chain's decision once it is there: at once where nothing sleeps, which is the usual case. */
export function afterwards(
  decision: Decision | Promise<Decision>,
  look: (decision: Decision) => Decision | Promise<Decision>,
): Decision | Promise<Decision> {
  return decision instanceof Promise ? decision.then(look) : look(decision);
}
