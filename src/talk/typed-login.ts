import { fromBase64, type Mechanism } from '../probe/sasl.ts';
import { partsOf } from './typed-command.ts';

/** An AUTH line: what it gives already, or a line that can only be passed on. */
export type LoginAsked =
  | {
      readonly kind: 'known';
      readonly mechanism?: Mechanism;
      readonly user?: string;
      readonly password?: string;
    }
  | { readonly kind: 'other'; readonly shown: string };

/**
 * Reads what stands behind AUTH: nothing, `LOGIN`, `LOGIN ada`, `PLAIN <initial response>`. Of mechanisms that are not known the line
 * goes out as it is, its initial response blanked in what is shown.
 */
export function readLogin(rest: string): LoginAsked {
  const [name = '', given] = rest.split(/\s+/);
  if (name === '') return { kind: 'known' };
  const mechanism = name.toUpperCase();
  if (mechanism !== 'PLAIN' && mechanism !== 'LOGIN' && mechanism !== 'CRAM-MD5')
    return { kind: 'other', shown: given === undefined ? `AUTH ${name}` : `AUTH ${name} ****` };
  if (given === undefined) return { kind: 'known', mechanism };
  const decoded = fromBase64(given);
  const [, user, password] = decoded?.split('\0') ?? []; // RFC 4616 2
  if (mechanism === 'PLAIN' && user && password !== undefined)
    return { kind: 'known', mechanism, user: utf8(user), password: utf8(password) };
  const readable = decoded !== undefined && /^[\x20-\x7e]{3,}$/.test(decoded);
  return { kind: 'known', mechanism, user: readable ? decoded : given };
}

/** An AUTH line as it may be shown and remembered: an initial response may hold a password. */
export function withoutSecret(line: string): string {
  const { verb, rest } = partsOf(line);
  if (verb !== 'AUTH') return line;
  const asked = readLogin(rest);
  const harmless = asked.kind === 'other' ? !asked.shown.endsWith('****') : asked.password === undefined;
  return harmless ? line : line.replace(/^(\s*\S+\s+\S+\s+).*$/s, '$1****');
}

const utf8 = (latin1: string): string => Buffer.from(latin1, 'latin1').toString('utf8');
