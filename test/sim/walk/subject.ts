import { createAccent } from '../../../src/sim/accent.ts';
import { magicNames } from '../../../src/sim/magic-recipients.ts';
import type { ProviderProfile, Situation } from '../../../src/sim/profile.ts';
import { textOf, wordingsIn } from '../shipped-profiles.ts';

/** What a client has to know of a host in order to provoke it: how many are too many, who may log in. */
export interface Subject {
  /** Bytes; 0 where none is known. */
  readonly size: number;
  readonly chunking: boolean;
  readonly startTls: boolean;
  readonly auth: { readonly clear: boolean; readonly tls: boolean };
  readonly mechanisms: readonly string[];
  readonly account: readonly [name: string, password: string] | undefined;
  /** Local parts that the profile lists besides the usual ones. */
  readonly mailboxes: readonly string[];
  /** One more than any of its limits on commands, recipients, messages and connections lets through. */
  readonly tooMany: { readonly errors: number; recipients: number; messages: number; connections: number };
}

type Options = Readonly<Record<string, unknown>>;

const most = (numbers: readonly number[], atLeast: number, atMost: number): number =>
  Math.min(Math.max(atLeast, ...numbers.map((n) => n + 1)), atMost);

export function subjectOf(profile: ProviderProfile, situation?: Situation): Subject {
  const accent = createAccent({ ...profile.accent, ...situation?.accent });
  const entries = [...(situation?.behaviours ?? []), ...profile.behaviours] as readonly Options[];
  const optionsOf = (...names: string[]): readonly Options[] =>
    entries.flatMap((entry) => names.flatMap((name) => (entry[name] ? [entry[name] as Options] : [])));
  const limits = (what: string, ...names: string[]): number[] =>
    optionsOf(...names)
      .filter(({ counts }) => counts === undefined || counts === what)
      .map(({ limit }) => Number(limit ?? 0));
  const [account] = optionsOf('accounts').flatMap(({ users }) =>
    Object.entries(users as Record<string, string>),
  );
  const sizes = optionsOf('message-size').map(({ limit }) => Number(limit));
  return {
    size: Math.max(accent.size, ...sizes, 0),
    chunking: accent.offers('CHUNKING', false),
    startTls: accent.offers('STARTTLS', false),
    auth: { clear: accent.offers('AUTH', false), tls: accent.offers('AUTH', true) },
    mechanisms: [...new Set([...accent.mechanisms(false), ...accent.mechanisms(true)])],
    account,
    mailboxes: Object.keys({ ...profile.mailboxes, ...situation?.mailboxes }).filter(
      (local) => !['*', 'alice', 'bob', 'carol'].includes(local) && !(local in magicNames),
    ),
    tooMany: {
      errors: most(limits('errors', 'error-limit', 'fault-limit', 'command-limit'), 12, 120),
      recipients: most(limits('recipients', 'recipient-budget', 'rate-limit'), 3, 1_100),
      messages: most(limits('messages', 'message-limit', 'rate-limit'), 3, 120),
      connections: most(limits('connections', 'connection-cap', 'rate-limit'), 3, 120),
    },
  };
}

/** Every reply that a profile, or a situation of it, could give by what is written in it: placeholders as they stand. */
export function wordsOf(profile: ProviderProfile, situation?: Situation): readonly string[] {
  const own = [profile.accent, profile.behaviours, profile.magic];
  const parts = situation
    ? [
        situation.accent ?? {},
        situation.behaviours,
        ...(situation.mailboxes || situation.accent?.ehlo ? own : []),
      ]
    : own;
  return parts.flatMap(wordingsIn).map(textOf);
}
