import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { createAccent } from '../../src/sim/accent.ts';
import { setUpHost } from '../../src/sim/host-setup.ts';
import { isProfile } from '../../src/sim/load-profiles.ts';
import { ReplyValues } from '../../src/sim/reply-values.ts';
import { SessionState } from '../../src/sim/session-state.ts';
import { renderWording } from '../../src/sim/wording.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';
import { RawClient } from './raw-client.ts';
import { address, codes, hello, labWith, mail, profileOf, saidIn, shelf } from './shipped-profiles.ts';
import { type Dialogue, hold } from './walk/dialogue.ts';
import { standardDialogues } from './walk/dialogues.ts';
import { subjectOf } from './walk/subject.ts';

const names = await shelf.names();
const profiles = await Promise.all(names.map(profileOf));

describe('every profile', () => {
  test('there are those that the first issue asks for', () => {
    const first = [
      'accept-all',
      'exchange',
      'gmail',
      'greylister',
      'outlook',
      'postfix',
      'tls-required',
      'yahoo',
    ];
    expect(names).toEqual(expect.arrayContaining(first));
  });

  test.each(names)('%s is read without issues', async (name) => {
    expect(isProfile(await shelf.get(name))).toBe(true);
  });

  test.each(profiles)('$provider leaves no placeholder unfilled', (profile) => {
    const clock = new VirtualClock();
    const state = new SessionState('192.0.2.7', false, () => clock.now());
    const values = new ReplyValues(
      state,
      'mx.example.net',
      setUpHost(profile, [], {}).values,
      clock,
      seededRandom(1),
    );
    const accent = createAccent(profile.accent);
    const said = [profile, ...Object.values(profile.situations)].flatMap(saidIn).map(({ words }) => words);
    const rendered = [...said, accent.ehlo(false), accent.ehlo(true), accent.helo].map((words) =>
      renderWording(words, values.get),
    );
    expect(rendered.filter((text) => /\{[a-z]/.test(text))).toEqual([]);
  });
});

describe('every situation', () => {
  /** What a host says to a client it has never met, and what time it is then. */
  const said = async (provider: string, dialogue: Dialogue, situation?: string): Promise<string> => {
    const world = await labWith(provider, situation);
    const seen = await hold(world, dialogue);
    await world.close();
    return JSON.stringify([world.clock.now(), seen]);
  };

  const situations = profiles.flatMap((profile) => {
    const inherited = profiles.find(({ provider }) => provider === profile.extends)?.situations ?? {};
    return Object.entries(profile.situations).flatMap(([name, situation]) =>
      JSON.stringify(inherited[name]) === JSON.stringify(situation) ? [] : [{ profile, name, situation }],
    );
  });
  const usual = new Map<string, Promise<string>>();

  test.each(situations)(
    '$profile.provider can be put into the situation $name, and it shows',
    async ({ profile, name, situation }) => {
      if (situation.behaviours.some((entry) => 'tls-fault' in entry)) return; // a matter of TLS
      for (const dialogue of standardDialogues(subjectOf(profile, situation))) {
        const key = `${profile.provider} ${JSON.stringify(dialogue)}`;
        const before = usual.get(key) ?? said(profile.provider, dialogue);
        usual.set(key, before);
        if ((await said(profile.provider, dialogue, name)) !== (await before)) return;
      }
      expect.unreachable('no client notices it');
    },
  );

  test('a situation can be switched on and off in the middle of a session', async () => {
    const world = await labWith('outlook');
    const simulated = world.hosts.get('mx.example.net');
    const client = await RawClient.to(world, address);
    await client.reply();
    await client.say(hello);
    simulated?.switch('rate-limited', true);
    expect(codes([await client.say(mail)])).toEqual(['451']);
    simulated?.switch('rate-limited', false);
    expect(codes([await client.say(mail)])).toEqual(['250']);
    client.close();
    await world.close();
  });
});
