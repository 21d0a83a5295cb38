import { execFileSync } from 'node:child_process';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { Lab, NotInLabError } from '../../src/sim/lab.ts';
import { hostOverridesSchema } from '../../src/sim/profile.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';
import { root } from '../cli/mxlab.ts';
import { offering, plain, plainLab } from './plain-lab.ts';
import { RawClient, talk } from './raw-client.ts';

const never = new AbortController().signal;
const hello = 'EHLO probe.example.org';
const transaction = [hello, 'MAIL FROM:<ada@example.org>', 'RCPT TO:<bob@example.net>'];

function emptyLab(): Lab {
  const lab = new Lab({ clock: new VirtualClock(), seed: 1 });
  onTestFinished(() => lab.close());
  return lab;
}

test('several hosts, each at its addresses and by its name', async () => {
  const lab = emptyLab();
  await lab.add('mx1.example.net', { profile: plain(), addresses: ['192.0.2.1', '2001:db8::1'] });
  await lab.add('mx2.example.net', { profile: plain(), addresses: ['192.0.2.2'] });
  for (const [address, name] of [
    ['192.0.2.1', 'mx1'],
    ['2001:db8::1', 'mx1'],
    ['192.0.2.2', 'mx2'],
  ] as const) {
    expect(await talk(lab, address, [hello])).toMatchObject([
      [`220 ${name}.example.net ESMTP`],
      { 0: expect.stringContaining(`${name}.example.net`) },
    ]);
  }
  expect([...lab.hosts.keys()]).toEqual(['mx1.example.net', 'mx2.example.net']);
});

test('an address that was never declared is a mistake of whoever asks, and is told with those that were', async () => {
  const lab = emptyLab();
  await expect(lab.dial({ address: '198.51.100.1', port: 25 }, never)).rejects.toThrow(
    'The lab has no host at 198.51.100.1, and the lab never dials the real one. Addresses in this lab: none. To probe real hosts, use --target and --live.',
  );
  await lab.add('mx1.example.net', { profile: plain(), addresses: ['192.0.2.1'] });
  lab.declareAbsent('192.0.2.2', 'no-route');
  const refusal = lab.dial({ address: '127.0.0.1', port: 25 }, never);
  await expect(refusal).rejects.toThrow(NotInLabError);
  await expect(refusal).rejects.toThrow('Addresses in this lab: 192.0.2.1, 192.0.2.2.');
});

test('absence shows as it was declared', async () => {
  const lab = emptyLab();
  lab.declareAbsent('192.0.2.1', 'refused');
  lab.declareAbsent('192.0.2.2', 'no-route');
  lab.declareAbsent('192.0.2.3', 'timed-out');
  await expect(lab.dial({ address: '192.0.2.1', port: 25 }, never)).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
  await expect(lab.dial({ address: '192.0.2.2', port: 25 }, never)).rejects.toMatchObject({
    code: 'EHOSTUNREACH',
  });
  const late = new AbortController();
  const unanswered = lab.dial({ address: '192.0.2.3', port: 25 }, late.signal);
  late.abort(new Error('we have waited long enough'));
  await expect(unanswered).rejects.toThrow('we have waited long enough');
  await expect(lab.dial({ address: '192.0.2.3', port: 25 }, late.signal)).rejects.toThrow(
    'we have waited long enough',
  );
});

test.each(['in clear', 'in the middle of a handshake', 'half closed', 'secured'])(
  'close resolves when every dialogue has been told to its end: %s',
  async (state) => {
    let open = 0;
    const listener = { opened: () => void open++, closed: () => void open-- };
    const lab = new Lab({ clock: new VirtualClock(), seed: 1, listener });
    await lab.add('mx.example.net', { profile: plain(offering), addresses: ['192.0.2.25'] });
    for (let i = 0; i < 10; i++) {
      const client = await RawClient.to(lab, '192.0.2.25');
      await client.reply();
      await client.say('EHLO probe.example.org');
      if (state === 'half closed') await client.say('QUIT');
      else if (state !== 'in clear') await client.say('STARTTLS');
      if (state === 'in the middle of a handshake') client.write('\x16\x03\x01\x00\x05');
      if (state === 'secured') await client.secure();
    }
    await lab.close();
    expect(open).toBe(0);
  },
);

test('a host that is there refuses other ports', async () => {
  const { lab } = await plainLab();
  await expect(lab.dial({ address: '192.0.2.25', port: 587 }, never)).rejects.toMatchObject({
    code: 'ECONNREFUSED',
  });
});

test('a client comes from the address it names, and from a usual one where it names none', async () => {
  const traits = { accent: { greeting: '220 {host} for {ip}' } };
  const { lab } = await plainLab([], traits);
  expect(await talk(lab, '192.0.2.25', [])).toEqual([['220 mx.example.net for 203.0.113.10']]);
  expect(await talk(lab, '192.0.2.25', [], '198.51.100.7')).toEqual([
    ['220 mx.example.net for 198.51.100.7'],
  ]);
  expect(await talk(lab, '192.0.2.25', [], '2001:db8::7')).toEqual([['220 mx.example.net for 2001:db8::7']]);
});

test('a situation that is switched in mid-session is felt at the next command, and no longer when it is switched off', async () => {
  const situations = {
    busy: {
      about: 'Too much to do.',
      behaviours: [{ 'canned-reply': { at: 'rcpt', reply: '450 4.3.2 Busy' } }],
    },
  };
  const { lab } = await plainLab([], { situations });
  const host = lab.hosts.get('mx.example.net');
  const client = await RawClient.to(lab, '192.0.2.25');
  await client.reply();
  for (const line of transaction) expect((await client.say(line)).at(-1)).toMatch(/^250/);
  host?.switch('busy', true);
  expect([...(host?.situations ?? [])]).toEqual(['busy']);
  expect(await client.say('RCPT TO:<eve@example.net>')).toEqual(['450 4.3.2 Busy']);
  host?.switch('busy', false);
  expect(await client.say('RCPT TO:<eve@example.net>')).toEqual([expect.stringMatching(/^250/)]);
  expect(() => host?.switch('bussy', true)).toThrow(new TypeError('plain has no situation called bussy'));
  expect([...(host?.situations ?? [])]).toEqual([]);
  client.close();
});

test('hosts of one provider share their memory, those of another do not', async () => {
  const lab = emptyLab();
  const overrides = hostOverridesSchema.parse({
    behaviours: [{ greylisting: { delay: '5m', reply: '450 4.2.0 Greylisted' } }],
  });
  const other = { ...plain(), provider: 'other' };
  await lab.add('mx1.example.net', { profile: plain(), overrides, addresses: ['192.0.2.1'] });
  await lab.add('mx2.example.net', { profile: plain(), overrides, addresses: ['192.0.2.2'] });
  await lab.add('mx.example.com', { profile: other, overrides, addresses: ['192.0.2.3'] });
  const lastCode = async (address: string): Promise<string> =>
    (await talk(lab, address, transaction)).at(-1)?.at(-1)?.slice(0, 3) ?? '';
  expect(await lastCode('192.0.2.1')).toBe('450');
  await lab.clock.sleep(6 * 60_000);
  expect(await lastCode('192.0.2.3')).toBe('450');
  expect(await lastCode('192.0.2.2')).toBe('250');
});

test('the same seed makes the same random texts, another one others', async () => {
  const greeting = async (seed: number): Promise<string> => {
    const lab = new Lab({ clock: new VirtualClock(), seed });
    onTestFinished(() => lab.close());
    await lab.add('mx.example.net', {
      profile: plain({ accent: { greeting: '220 {host} {hex:16}' } }),
      addresses: ['192.0.2.1'],
    });
    return (await talk(lab, '192.0.2.1', []))[0]?.[0] ?? '';
  };
  expect(await greeting(1)).toBe(await greeting(1));
  expect(await greeting(1)).not.toBe(await greeting(2));
});

test('close ends every session and leaves nothing that keeps the process', () => {
  const from = (name: string): string => JSON.stringify(pathToFileURL(`${root}/dist/${name}.js`).href);
  const program = `
    import { Lab } from ${from('sim/lab')};
    import { profileSchema } from ${from('sim/profile')};
    import { hostOverridesSchema } from ${from('sim/profile')};
    import { RealClock } from ${from('time/real-clock')};
    import { VirtualClock } from ${from('time/virtual-clock')};
    const profile = profileSchema.parse({ provider: 'plain', title: 'x', invented: true });
    const overrides = hostOverridesSchema.parse({ behaviours: [{ 'session-limits': { idle: '1h', age: '2h' } }] });
    for (const clock of [new RealClock(), new VirtualClock()]) {
      const release = clock.hold();
      const lab = new Lab({ clock, seed: 1 });
      await lab.add('mx.example.net', { profile, overrides, addresses: ['192.0.2.1'] });
      const ends = [];
      for (let i = 0; i < 3; i++) {
        const socket = await lab.dial({ address: '192.0.2.1', port: 25 }, new AbortController().signal);
        await new Promise((resolve) => socket.once('data', resolve));
        ends.push(new Promise((resolve) => socket.on('error', () => {}).once('close', resolve)));
      }
      await lab.close();
      await Promise.all(ends);
      release();
    }
    console.log('closed');
  `;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  expect(said).toBe('closed\n');
});
