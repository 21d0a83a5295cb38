import type { z } from 'zod';
import { closest } from './suggest.ts';
import { clipped, counted, listed, nounOf, nounOfValue } from './words.ts';

/** What explain() adds to zod's issues: it rides along on the issue itself, where zod keeps unknown properties. */
export interface Told {
  /** The sentence is ours; a schema's own sentence has no `told`. */
  readonly told: true;
  readonly hint?: string;
  /** The keys that a strict mapping knows. */
  readonly known?: readonly string[];
  /** What was found instead: `a number`; absent when empty. */
  readonly found?: string;
}

type RawIssue = z.core.$ZodRawIssue;

/** Zod's error map in plain words. A schema's own message comes before it. */
export function explain(issue: RawIssue): string {
  const { message, ...told } = tell(issue);
  Object.assign(issue, { told: true, ...told } satisfies Told);
  return message;
}

type Saying = Omit<Told, 'told'> & { readonly message: string };

function tell(issue: RawIssue): Saying {
  switch (issue.code) {
    case 'invalid_type':
      return wrongKind(issue.expected, issue.input);
    case 'invalid_value':
      return wrongValue(issue.values, issue.input);
    case 'too_small':
      return { message: tooSmall(issue) };
    case 'too_big':
      return { message: tooBig(issue) };
    case 'invalid_format':
      return { message: wrongFormat(issue) };
    case 'not_multiple_of':
      return { message: `must be a multiple of ${issue.divisor}` };
    case 'unrecognized_keys':
      return { message: 'is not a key here', known: knownKeys(issue.inst) };
    case 'invalid_union':
      return Array.isArray(issue.options)
        ? wrongValue(issue.options, discriminated(issue))
        : { message: 'fits none of the allowed forms' };
    case 'custom':
      return typeof issue.params?.hint === 'string'
        ? { message: 'is not valid here', hint: issue.params.hint }
        : { message: 'is not valid here' };
    default:
      return { message: 'is not valid here' };
  }
}

function wrongKind(expected: string, input: unknown): Saying {
  const found = nounOfValue(input);
  const message = `is ${found ?? 'empty'}, but ${nounOf(expected)} was expected`;
  const hint = expected === 'string' ? quotingHint(input) : unquotingHint(expected, input);
  return { message, ...(found !== undefined && { found }), ...(hint !== undefined && { hint }) };
}

/** `{name}` without quotes is a mapping to YAML, `1.10` a number. */
function quotingHint(input: unknown): string | undefined {
  const scalar = typeof input === 'number' || typeof input === 'boolean';
  const braces =
    typeof input === 'object' &&
    input !== null &&
    !Array.isArray(input) &&
    Object.values(input).length === 1 &&
    Object.values(input)[0] === null;
  return scalar || braces ? 'put it in quotes to make it text' : undefined;
}

function unquotingHint(expected: string, input: unknown): string | undefined {
  const numeric = typeof input === 'string' && /^-?\d+(?:\.\d+)?$/.test(input);
  return numeric && (expected === 'number' || expected === 'int')
    ? 'without quotes it is a number'
    : undefined;
}

function wrongValue(values: readonly unknown[], input: unknown): Saying {
  const words = values.map(String);
  const message = words.length === 1 ? `must be ${words[0]}` : `must be one of: ${listed(words)}`;
  const meant = typeof input === 'string' ? closest(input, words) : undefined;
  const found = nounOfValue(input);
  return {
    message,
    ...(found !== undefined && { found }),
    ...(meant !== undefined && { hint: `did you mean ${meant}?` }),
  };
}

function discriminated(issue: RawIssue & { code: 'invalid_union' }): unknown {
  const { input, discriminator } = issue;
  return typeof input === 'object' && input !== null && discriminator !== undefined
    ? (input as Record<string, unknown>)[discriminator]
    : undefined;
}

function tooSmall({ origin, minimum, inclusive, exact }: RawIssue & { code: 'too_small' }): string {
  const least = exact ? 'exactly' : 'at least';
  if (origin === 'string') {
    return minimum === 1
      ? 'must not be empty'
      : `must have ${least} ${counted(minimum, 'character', 'characters')}`;
  }
  if (origin === 'array' || origin === 'set') {
    return minimum === 1 && !exact
      ? 'must have at least one entry'
      : `must have ${least} ${counted(minimum, 'entry', 'entries')}`;
  }
  return inclusive === false ? `must be more than ${minimum}` : `must be at least ${minimum}`;
}

function tooBig({ origin, maximum, inclusive, exact }: RawIssue & { code: 'too_big' }): string {
  const most = exact ? 'exactly' : 'at most';
  if (origin === 'string') return `must have ${most} ${counted(maximum, 'character', 'characters')}`;
  if (origin === 'array' || origin === 'set')
    return `must have ${most} ${counted(maximum, 'entry', 'entries')}`;
  return inclusive === false ? `must be less than ${maximum}` : `must be at most ${maximum}`;
}

const formats: Readonly<Record<string, string>> = {
  email: 'an e-mail address',
  url: 'a URL',
  ipv4: 'an IPv4 address',
  ipv6: 'an IPv6 address',
  cidrv4: 'an IPv4 network like 192.0.2.0/24',
  cidrv6: 'an IPv6 network like 2001:db8::/32',
  hostname: 'a host name',
  date: 'a date like 2026-01-31',
  time: 'a time like 09:30:00',
  datetime: 'a time like 2026-01-31T09:30:00Z',
  base64: 'Base64 text',
  uuid: 'a UUID',
};

function wrongFormat(issue: RawIssue & { code: 'invalid_format' }): string {
  if (issue.format === 'starts_with') return `must start with ${clipped(String(issue.prefix))}`;
  if (issue.format === 'ends_with') return `must end with ${clipped(String(issue.suffix))}`;
  if (issue.format === 'includes') return `must have ${clipped(String(issue.includes))} in it`;
  if (issue.format === 'regex') return `must look like ${clipped(issue.pattern ?? '')}`;
  return `is not ${formats[issue.format] ?? `a valid ${issue.format}`}`;
}

/** The keys of the mapping that refused one: a strict object's, or a record's with a closed list of keys. */
function knownKeys(inst: RawIssue['inst']): readonly string[] {
  const def = inst?._zod.def as { shape?: object; keyType?: z.core.$ZodType } | undefined;
  if (def?.shape) return Object.keys(def.shape);
  return [...(def?.keyType?._zod.values ?? [])].map(String);
}
