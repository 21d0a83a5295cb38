import { beforeAll, describe, expect, test } from 'vitest';
import { profileOf, shelf } from './shipped-profiles.ts';
import { standardDialogues } from './walk/dialogues.ts';
import { measure, type Reached } from './walk/measure.ts';
import { isHeardIn, refusalsOf } from './walk/refusals.ts';
import { causes, coverage, dataFile, type ProviderCoverage, table } from './walk/report.ts';
import { subjectOf } from './walk/subject.ts';

const shipped = await Promise.all((await shelf.names()).map(profileOf));

/** Those that build on another behind it, so that what they share is told of the other. */
const profiles = [
  ...shipped.filter(({ extends: parent }) => !parent),
  ...shipped.filter(({ extends: parent }) => parent),
];
const covered = [...new Set(profiles.flatMap(({ covers }) => covers))].sort();

/** Of these, every refusal and deferral; of all others at least four in five. */
const whole = [
  'microsoft-consumer',
  'microsoft-365',
  'exchange-onprem',
  'gmail',
  'gmail-submission',
  'google-smtp-relay',
  'yahoo',
  'yahoo-submission',
  'yahoo-japan',
  'postfix',
  'postscreen',
];

const reached: Reached[] = [];
let rows: readonly ProviderCoverage[] = [];

beforeAll(async () => {
  for (const profile of profiles) if (profile.covers.length > 0) reached.push(...(await measure(profile)));
  rows = coverage(profiles, reached);
  console.log(`${causes(rows)}\n\n${table(rows)}`);
}, 300_000);

describe('what the profiles say of the reference', () => {
  test('the providers that have to be there are', () => {
    expect(covered).toEqual(expect.arrayContaining(whole));
  });

  test.each(covered)('%s is a provider of the reference', (provider) => {
    expect(refusalsOf(provider).length).toBeGreaterThan(0);
  });

  test.each(covered)('%s is reached as far as it has to be', (provider) => {
    const row = rows.find((candidate) => candidate.provider === provider);
    const missing = row?.missing.map(({ stage, ending, lines }) => ({ stage, ending, lines }));
    if (whole.includes(provider)) expect(missing).toEqual([]);
    else expect(row?.percent, JSON.stringify(missing, null, 2)).toBeGreaterThanOrEqual(80);
  });

  test('fixtures/coverage.json is current; vitest -u writes it', async () => {
    await expect(dataFile(rows)).toMatchFileSnapshot('../../fixtures/coverage.json');
  });
});

describe('nothing is reached by saying the reference back', () => {
  test('no client asks for a code by the name of the recipient', () => {
    const said = profiles.flatMap((profile) => standardDialogues(subjectOf(profile)));
    expect(said.length).toBeGreaterThan(1_000);
    expect(said.filter((dialogue) => /code-\d/.test(JSON.stringify(dialogue)))).toEqual([]);
  });

  test('every situation tells in words of its own what is the matter', () => {
    for (const profile of profiles) {
      const abouts = Object.values(profile.situations).map(({ about }) => about.trim());
      expect(
        abouts.filter((about) => about.split(/\s+/).length < 4 || /\b[45]\d\d[ -][45]\.\d/.test(about)),
      ).toEqual([]);
      expect(new Set(abouts).size, profile.provider).toBe(abouts.length);
    }
  });

  test('no situation says more than a few of them, and no client does', () => {
    const by = new Map<string, number>();
    for (const { profile, situation, client } of reached) {
      const cause = `${profile}: ${situation ?? client}`;
      by.set(cause, (by.get(cause) ?? 0) + 1);
    }
    expect([...by].filter(([, count]) => count > 4)).toEqual([]);
  });
});

describe('a reply counts', () => {
  const [spamhaus] = refusalsOf('microsoft-consumer').filter(({ lines }) => lines[0]?.includes('AS3130'));
  const said = [
    '550 5.7.1 Service unavailable, Client host [203.0.113.10] blocked using Spamhaus. To request removal from this list see https://www.spamhaus.org/query/ip/203.0.113.10 (AS3130). [Name=Protocol Filter Agent][AGT=PFA][MxId=11B] [mx.example.net 2026-01-05T09:00:00.000Z 08D]',
  ];

  test.each([
    ['at its stage, word for word, with its ending', { stage: 'mail', ending: 'fin', lines: said }, true],
    ['not at another stage', { stage: 'rcpt', ending: 'fin', lines: said }, false],
    ['not with another ending', { stage: 'mail', ending: 'none', lines: said }, false],
    ['not with a reset for an orderly close', { stage: 'mail', ending: 'rst', lines: said }, false],
    [
      'not with another code',
      { stage: 'mail', ending: 'fin', lines: said.map((l) => `551${l.slice(3)}`) },
      false,
    ],
    [
      'not with a placeholder left in it',
      { stage: 'mail', ending: 'fin', lines: said.map((l) => l.replace('08D', '{id}')) },
      false,
    ],
    ['not with a line more', { stage: 'mail', ending: 'fin', lines: [...said, '550 more'] }, false],
  ] as const)('%s', (_, observation, counts) => {
    if (!spamhaus) throw new Error('the reference has lost its Spamhaus reply');
    expect(isHeardIn(spamhaus, observation)).toBe(counts);
  });
});
