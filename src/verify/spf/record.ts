import { isIPv4, isIPv6 } from 'node:net';
import { type MacroPiece, parseDomainSpec, parseMacros } from './macro.ts';

/** What a directive says of a sender that it matches. RFC 7208 4.6.2 */
export type Qualifier = 'pass' | 'fail' | 'softfail' | 'neutral';

/** How many bits of an address count. */
export interface Prefixes {
  readonly v4: number;
  readonly v6: number;
}

export type Mechanism =
  | { readonly kind: 'all' }
  | { readonly kind: 'include' | 'exists'; readonly domain: readonly MacroPiece[] }
  | { readonly kind: 'ptr'; readonly domain?: readonly MacroPiece[] }
  | {
      readonly kind: 'a' | 'mx';
      readonly domain?: readonly MacroPiece[];
      readonly prefixes: Prefixes;
    }
  | { readonly kind: 'ip4' | 'ip6'; readonly network: string; readonly prefix: number };

export interface Directive {
  readonly qualifier: Qualifier;
  readonly mechanism: Mechanism;
  /** As written. */
  readonly text: string;
}

export interface SpfRecord {
  readonly directives: readonly Directive[];
  readonly redirect?: readonly MacroPiece[];
}

/** A record that breaks the grammar: the sender's domain has a permerror. RFC 7208 4.6 */
export interface SpfFault {
  readonly fault: string;
}

const qualifiers: Readonly<Record<string, Qualifier>> = {
  '': 'pass',
  '+': 'pass',
  '-': 'fail',
  '~': 'softfail',
  '?': 'neutral',
};

/** Whether a TXT record is meant to be read as SPF. RFC 7208 4.5 */
export function isSpf(text: string): boolean {
  return /^v=spf1(?: |$)/i.test(text);
}

/** Reads a whole record, so that a fault anywhere shows. RFC 7208 12 */
export function parseSpf(text: string): SpfRecord | SpfFault {
  const directives: Directive[] = [];
  const modifiers = new Map<string, readonly MacroPiece[]>();
  for (const term of text.slice('v=spf1'.length).split(' ')) {
    if (term === '') continue;
    const [, name, value = ''] = /^([a-z][a-z0-9_.-]*)=(.*)$/is.exec(term) ?? [];
    if (name === undefined) {
      const directive = parseDirective(term);
      if ('fault' in directive) return directive;
      directives.push(directive);
      continue;
    }
    const known = /^(?:redirect|exp)$/i.exec(name)?.[0].toLowerCase();
    const pieces = known ? parseDomainSpec(value) : parseMacros(value, 'explanation');
    if (!pieces) return { fault: `${term} is malformed` };
    if (known === undefined) continue; // what others may have agreed upon: RFC 7208 6
    if (modifiers.has(known)) return { fault: `${known}= stands there twice` };
    modifiers.set(known, pieces);
  }
  const redirect = modifiers.get('redirect');
  return { directives, ...(redirect ? { redirect } : {}) };
}

function parseDirective(text: string): Directive | SpfFault {
  const [, sign, name = '', rest = ''] = /^([-+~?]?)([a-z][a-z0-9_.-]*)(.*)$/is.exec(text) ?? [];
  const mechanism = sign === undefined ? undefined : parseMechanism(name.toLowerCase(), rest);
  if (!mechanism) return { fault: `${text} is no mechanism` };
  return { qualifier: qualifiers[sign ?? ''] ?? 'pass', mechanism, text };
}

function parseMechanism(kind: string, rest: string): Mechanism | undefined {
  switch (kind) {
    case 'all':
      return rest === '' ? { kind } : undefined;
    case 'include':
    case 'exists': {
      const domain = rest.startsWith(':') ? parseDomainSpec(rest.slice(1)) : undefined;
      return domain && { kind, domain };
    }
    case 'ptr': {
      if (rest === '') return { kind };
      const domain = rest.startsWith(':') ? parseDomainSpec(rest.slice(1)) : undefined;
      return domain && { kind, domain };
    }
    case 'a':
    case 'mx':
      return parseHost(kind, rest);
    case 'ip4':
    case 'ip6':
      return parseNetwork(kind, rest);
    default:
      return undefined;
  }
}

function parseHost(kind: 'a' | 'mx', rest: string): Mechanism | undefined {
  const [whole, name, v4, v6] = /^(?::(.+?))?(?:\/(\d+))?(?:\/\/(\d+))?$/s.exec(rest) ?? [];
  if (whole === undefined) return undefined;
  const prefixes = { v4: prefixOf(v4, 32), v6: prefixOf(v6, 128) };
  const domain = name === undefined ? undefined : parseDomainSpec(name);
  if (prefixes.v4 === undefined || prefixes.v6 === undefined || (name !== undefined && !domain))
    return undefined;
  return { kind, ...(domain ? { domain } : {}), prefixes: { v4: prefixes.v4, v6: prefixes.v6 } };
}

function parseNetwork(kind: 'ip4' | 'ip6', rest: string): Mechanism | undefined {
  const [, network = '', length] = /^:([^/]+)(?:\/(\d+))?$/.exec(rest) ?? [];
  const fits = kind === 'ip4' ? isIPv4(network) : isIPv6(network) && !network.includes('%');
  const prefix = prefixOf(length, kind === 'ip4' ? 32 : 128);
  return fits && prefix !== undefined ? { kind, network, prefix } : undefined;
}

/** Without leading zeros. RFC 7208 5.6 */
function prefixOf(digits: string | undefined, most: number): number | undefined {
  if (digits === undefined) return most;
  return /^(?:0|[1-9]\d{0,2})$/.test(digits) && Number(digits) <= most ? Number(digits) : undefined;
}
