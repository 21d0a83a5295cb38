import type { Verification } from '../../verify/verification.ts';

const hidden = '***';

/** The address without its local part; text that is no address goes altogether. */
export function redactAddress(address: string): string {
  const domain = /@(?:\[[^\]@\s]+\]|[^@\s,;:<>()"'[\]]+)$/.exec(address)?.[0];
  return domain === undefined ? hidden : hidden + domain;
}

/** The same result, and nobody's name in it: hosts repeat addresses in their replies, so what they say loses them too. */
export function redact(verification: Verification): Verification {
  const { address, evidence } = verification;
  const local = address.slice(0, Math.max(0, address.lastIndexOf('@'))).trim();
  const hide = hiding(local);
  const clean = <T>(value: T): T =>
    JSON.parse(JSON.stringify(value), (_, own) => (typeof own === 'string' ? hide(own) : own));
  const { transcripts: _, controls, reply, postmaster, says, ending, ...rest } = evidence;
  return {
    ...verification,
    address: redactAddress(address),
    notes: verification.notes.map(hide),
    evidence: {
      ...rest,
      ...(reply ? { reply: clean(reply) } : {}),
      ...(ending ? { ending: clean(ending) } : {}),
      ...(says === undefined ? {} : { says: hide(says) }),
      ...(postmaster ? { postmaster: clean(postmaster) } : {}),
      controls,
      transcripts: [],
    },
  };
}

/** Every `x@` of a text goes, and the local part itself wherever it stands alone. */
function hiding(local: string): (text: string) => string {
  const alone = local.length > 2 ? new RegExp(`(?<![\\w.])${escaped(local)}(?![\\w])`, 'gi') : undefined;
  return (text) => {
    const without = text.replace(/[^\s<>()[\]:;,"'=]+@/g, `${hidden}@`);
    return alone ? without.replace(alone, hidden) : without;
  };
}

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');
