import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { codesOf, differing, type Pair, pairUp, renderDiff, sameCodes } from './command-diff.ts';
import { type CommandSession, commandSessions, readList } from './command-sessions.ts';
import { type Match, matches, type Servers, served, startServers, startTwin, stranger } from './mta-hosts.ts';
import { packageVersion } from './mta-root.ts';
import { speak } from './spoken-session.ts';

const differenceSchema = z.strictObject({
  host: z.enum(matches.map(({ host }) => host)),
  step: z.string(),
  simulated: z.string(),
  real: z.string(),
  reason: z.string().min(20).describe('why it is left so'),
});
const listSchema = z.strictObject({ differences: z.array(differenceSchema) });

const sessions = await commandSessions(served.domain);
const { differences } = await readList('command-differences.yaml', listSchema);
let servers: Servers | undefined;

beforeAll(async () => {
  servers = await startServers();
}, 60_000);
afterAll(() => servers?.stop());

const inOneGo = 8;

/** Has sessions with a simulated host and the real one, several at a time, each as a client of its own. */
async function compare(match: Match, chosen: readonly CommandSession[]): Promise<readonly Pair[]> {
  const twin = await startTwin(match);
  const pairs: Pair[] = [];
  try {
    for (let i = 0; i < chosen.length; i += inOneGo) {
      const batch = chosen.slice(i, i + inOneGo).map(async (session) => {
        const number = sessions.indexOf(session);
        const door = servers?.door(match.host, number) ?? { port: 0 };
        const ours = { port: twin.port, from: stranger(number) };
        const [simulated, real] = await Promise.all([speak(ours, session), speak(door, session)]);
        return pairUp(session, simulated, real);
      });
      pairs.push(...(await Promise.all(batch)).flat());
    }
  } finally {
    await twin.close();
  }
  return pairs;
}

const isMeant = ({ host, special }: Match, { only }: CommandSession): boolean =>
  only?.includes(host) ?? !special;

const asked = (match: Match): readonly CommandSession[] =>
  sessions.filter((session) => isMeant(match, session) && !(match.host in session.except));

const leftOut = (match: Match): readonly CommandSession[] =>
  sessions.filter((session) => isMeant(match, session) && match.host in session.except);

describe.each(matches)('the real $host and its profile', (match) => {
  let pairs: readonly Pair[] = [];

  beforeAll(async () => {
    pairs = await compare(match, asked(match));
    const exceptions = leftOut(match).map(
      ({ name, except }) => `    left out: ${name}: ${except[match.host]}`,
    );
    console.log([renderDiff(match.host, pairs), ...exceptions].join('\n'));
  }, 120_000);

  test('give the same codes and enhanced codes to the same commands, at least forty', () => {
    expect(pairs.filter((pair) => !sameCodes(pair))).toEqual([]);
    const answered = pairs.filter(({ real }) => /^\d{3}/.test(codesOf(real)));
    const commands = new Set(answered.map(({ step }) => step));
    expect(commands.size).toBeGreaterThanOrEqual(match.special ? 1 : 40);
  });

  test('differ in the words that are listed in command-differences.yaml, and in no others', () => {
    const listed = differences
      .filter(({ host }) => host === match.host)
      .map(({ host, reason, ...said }) => said);
    expect(differing(pairs).map(({ session, ...said }) => said)).toEqual(listed);
  });
});

test.each(matches.filter((match) => leftOut(match).length > 0))(
  'what is left out for $host would differ',
  async (match) => {
    for (const session of leftOut(match)) {
      const pairs = await compare(match, [session]);
      expect(
        pairs.filter((pair) => !sameCodes(pair)),
        session.name,
      ).not.toEqual([]);
    }
  },
);

test('the profiles say which versions they have been held against', async () => {
  for (const name of ['exim', 'opensmtpd'] as const) {
    const profile = await readFile(new URL(`../../fixtures/providers/${name}.yaml`, import.meta.url), 'utf8');
    expect(profile).toContain(await packageVersion(name));
  }
});

test('programs that are not unpacked are named, with the command that unpacks them', async () => {
  await expect(packageVersion('exim', '/not-there')).rejects.toThrow(
    'exim is not unpacked in /not-there; run `test/interop/fetch-mtas.sh` first.',
  );
});
