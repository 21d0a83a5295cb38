import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { createAccent } from '../../src/sim/accent.ts';
import type { ProviderProfile } from '../../src/sim/profile.ts';
import { profileOf, saidIn, shelf, textOf } from './shipped-profiles.ts';

const profiles = await Promise.all((await shelf.names()).map(profileOf));

/** Which providers of the reference a profile may quote besides those that it covers. */
const quoted: Readonly<Record<string, readonly string[]>> = {
  outlook: ['microsoft-365', 'exchange-onprem'],
  microsoft365: ['microsoft-consumer', 'exchange-onprem'],
  'office365-submission': ['microsoft-consumer', 'exchange-onprem'],
  postfix: ['postscreen', 'postgrey'],
  postscreen: ['postfix', 'postgrey'],
  greylister: ['postfix', 'postscreen'],
};

const quotedBy = ({ provider, covers }: ProviderProfile): readonly string[] => [
  ...(quoted[provider] ?? []),
  ...covers,
];

interface Entry {
  readonly provider: string;
  readonly stage: string;
  readonly code: number;
  readonly reply: readonly string[];
}

const reference = parse(
  readFileSync(new URL('../../fixtures/reference/provider-replies.yaml', import.meta.url), 'utf8'),
) as readonly Entry[];

/** What Microsoft puts behind a reply: filter, host, time and session, more of it from year to year. */
const tag = /(?: \[Name=[^\]]*\]\[AGT=PFA\]\[MxId=[^\]]*\])?(?: \[\{host\}(?: \{time\})?(?: \{id\})?\])?$/;

/** The text of the reference with anything in the place of a placeholder. */
function pattern(text: string): RegExp {
  const literal = text.split(/\{[a-z-]+\}/).map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${literal.join('[^\\r\\n]+?')}$`);
}

/** Whether the reference has a reply, as it stands or with the host's own name for `{host}`. */
function isInReference(text: string, profile: ProviderProfile): boolean {
  const named = text.replace(/\{host\}/g, profile.values.host ?? '{host}');
  return reference.some(({ provider, reply }) => {
    if (!quotedBy(profile).includes(provider)) return false;
    const said = reply.join('\r\n');
    return (
      pattern(said).test(text) ||
      pattern(said).test(named) ||
      (provider.startsWith('microsoft') && pattern(said.replace(tag, '')).test(text.replace(tag, '')))
    );
  });
}

/** Whether a note owns up to a reply that the reference does not have, or says that everything was measured. */
function isOwnedUp(label: string, notes: readonly (string | undefined)[]): boolean {
  return notes.some((note) => {
    const [kind = '', ...rest] = (note ?? '').split(':');
    if (kind === 'measured') return rest.join(':').trim().startsWith('everything');
    return (
      ['unverified', 'captured'].includes(kind) && new RegExp(`\\b${label}(?![\\w-])`).test(rest.join(':'))
    );
  });
}

describe('every reply that claims a source', () => {
  const sourced = profiles.filter(({ invented }) => !invented);

  test.each(sourced)('$provider: is in the reference, or a note says where else it comes from', (profile) => {
    const notes = (profile.observed ?? []).map(({ note }) => note);
    const stray = saidIn({ accent: profile.accent, behaviours: profile.behaviours })
      .filter(({ label, words }) => !isInReference(textOf(words), profile) && !isOwnedUp(label, notes))
      .map(({ label, words }) => `${label}: ${textOf(words)}`);
    expect(profile.extends ? [] : stray).toEqual([]);
  });

  test.each(sourced)('$provider: is in the reference, or a note says so, in every situation', (profile) => {
    const stray = Object.entries(profile.situations).flatMap(([name, situation]) =>
      saidIn(situation)
        .filter(({ words }) => !isInReference(textOf(words), profile))
        .filter(
          ({ label }) =>
            !isOwnedUp(
              label,
              (situation.observed ?? []).map(({ note }) => note),
            ),
        )
        .map(({ label, words }) => `${name}, ${label}: ${textOf(words)}`),
    );
    expect(stray).toEqual([]);
  });

  const greeted = sourced.filter((profile) => profile.extends === undefined);

  /** The replies to EHLO and HELO that the reference has of a provider. */
  const helloOf = (profile: ProviderProfile): readonly (readonly string[])[] =>
    reference
      .filter(
        ({ provider, stage, code }) => stage === 'helo' && code < 400 && quotedBy(profile).includes(provider),
      )
      .map(({ reply }) => reply);

  test.each(greeted)(
    '$provider offers what the reference has, in that order, or a note owns up to it',
    (profile) => {
      const accent = createAccent(profile.accent);
      const offered = [false, true].map((tls) => textOf(accent.ehlo(tls)).split('\r\n').slice(1).join());
      const recorded = helloOf(profile).filter((reply) => reply.length > 1);
      const known = recorded.flatMap(([, ...lines]) => [
        lines.join(),
        lines.filter((line) => !/AUTH PLAIN/.test(line)).join(), // before TLS
      ]);
      const notes = (profile.observed ?? []).map(({ note }) => note);
      expect(offered.some((list) => known.includes(list)) || isOwnedUp('ehlo', notes)).toBe(true);
    },
  );

  test.each(greeted.filter((profile) => helloOf(profile).length > 0))(
    '$provider says hello in the words of the reference',
    (profile) => {
      const [first = ''] = textOf(createAccent(profile.accent).ehlo(false)).slice(4).split('\r\n');
      const named = first.replace('{host}', profile.values.host ?? '{host}');
      const firsts = helloOf(profile).map(([line = '']) => pattern(line.replace(/^250[- ]/, '')));
      expect(firsts.some((known) => known.test(first) || known.test(named))).toBe(true);
    },
  );
});
