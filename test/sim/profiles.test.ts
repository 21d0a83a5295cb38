import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { createAccent } from '../../src/sim/accent.ts';
import { setUpHost } from '../../src/sim/host-setup.ts';
import { isProfile } from '../../src/sim/load-profiles.ts';
import { ReplyValues } from '../../src/sim/reply-values.ts';
import { SessionState } from '../../src/sim/session-state.ts';
import { renderWording } from '../../src/sim/wording.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';
import { RawClient, talk } from './raw-client.ts';
import {
  address,
  codes,
  hello,
  labWith,
  mail,
  message,
  profileOf,
  rcpt,
  saidIn,
  shelf,
} from './shipped-profiles.ts';

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
    const values = new ReplyValues(state, 'mx.example.net', profile.values, clock, seededRandom(1));
    const accent = createAccent(profile.accent);
    const said = [profile, ...Object.values(profile.situations)].flatMap(saidIn).map(({ words }) => words);
    const rendered = [...said, accent.ehlo(false), accent.ehlo(true), accent.helo].map((words) =>
      renderWording(words, values.get),
    );
    expect(rendered.filter((text) => /\{[a-z]/.test(text))).toEqual([]);
  });
});

describe('every situation', () => {
  /** Meets every kind of brake and refusal that a client in clear can meet. */
  const provocation = [
    'EHLO probe',
    mail,
    ...['alice', 'bob', 'nobody1', 'nobody2', 'nobody3', 'nobody4', 'nobody5'].map(rcpt),
    'RSET',
    mail,
    rcpt('nobody8'),
    'BDAT 0 LAST',
    'RSET',
    ...Array<string[]>(21)
      .fill([mail, rcpt('alice'), 'DATA', message])
      .flat(),
    mail,
    ...Array<string>(101).fill(rcpt('alice')),
    ...Array<string>(12).fill('FOO'),
    'VRFY alice',
    'RSET',
    mail,
    rcpt('alice'),
    'DATA',
    'bare\n.\nNOOP\r\n.',
    'QUIT',
  ];

  const situations = profiles.flatMap((profile) => {
    const inherited = profiles.find(({ provider }) => provider === profile.extends)?.situations ?? {};
    return Object.keys(profile.situations).flatMap((name) => (name in inherited ? [] : [{ profile, name }]));
  });

  test.each(situations)(
    '$profile.provider can be put into the situation $name, and it shows',
    async ({ profile, name }) => {
      const usual = setUpHost(profile, [], {});
      const setup = setUpHost(profile, [name], {});
      const unseen =
        setup.limits.length > usual.limits.length ||
        setup.chain.behaviours.some((b) => b.name === 'tls-fault');
      if (unseen) return; // a matter of waiting or of TLS
      const said = async (situation?: string): Promise<unknown> => {
        const world = await labWith(profile.provider, situation);
        const replies = await talk(world, address, provocation);
        await world.close();
        return [world.clock.now(), replies];
      };
      expect(await said(name)).not.toEqual(await said());
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
