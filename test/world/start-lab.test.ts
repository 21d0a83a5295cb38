import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { minutes, seconds } from '../../src/time/duration.ts';
import type { RunningLab } from '../../src/world/running-lab.ts';
import { type LabStart, startLab, WorldError, type WorldLike } from '../../src/world/start-lab.ts';
import { folderWith } from '../cli/mxlab.ts';
import { hello, mail, OutsideClient, rcpt } from './outside-client.ts';

async function running(world: string | WorldLike, start: LabStart = {}): Promise<RunningLab> {
  const lab = await startLab(world, start);
  onTestFinished(() => lab.close());
  return lab;
}

const one = { hosts: { 'mx.example.net': 'accept-all' } };
const greylisting = { greylisting: { delay: '5m', reply: '450 4.7.1 Greylisted' } };

test('a world in a file starts with its hosts, domains and zone', async () => {
  const folder = folderWith({
    'world.yaml': `world: Two providers and a forwarder
hosts:
  mx1.example.net: { provider: outlook, situation: blocklisted }
  mx2.example.net: gmail
domains:
  example.net: [mx1.example.net, mx2.example.net]
  example.org: [mx2.example.net]
zone:
  broken.example: { fails: servfail }
`,
  });
  const lab = await running(join(folder, 'world.yaml'));
  expect(lab.hosts).toMatchObject([
    { name: 'mx1.example.net', provider: 'outlook', address: '127.0.0.1', situations: ['blocklisted'] },
    { name: 'mx2.example.net', provider: 'gmail', address: '127.0.0.1', situations: [] },
  ]);
  expect(await lab.resolver.mx('example.net')).toEqual({
    kind: 'found',
    records: [
      { preference: 10, exchange: 'mx1.example.net' },
      { preference: 20, exchange: 'mx2.example.net' },
    ],
  });
  expect(await lab.resolver.mx('example.org')).toMatchObject({ records: [{ exchange: 'mx2.example.net' }] });
  expect(await lab.resolver.mx('broken.example')).toMatchObject({ kind: 'failed', why: 'servfail' });
  const client = await OutsideClient.to(lab.host('mx1.example.net'));
  expect((await client.talk([hello, mail])).at(-1)).toMatch(/^550 5\.7\.1 /);
});

const wrongWorlds: Readonly<Record<string, readonly [string, RegExp]>> = {
  'a provider that is not there': [
    'hosts: { mx.example.net: outlok }\n',
    /is not a provider\n.*did you mean outlook\?/,
  ],
  'a situation that is not there': [
    'hosts: { mx.example.net: { provider: outlook, situation: blocklistd } }\n',
    /is not a situation of outlook\n.*did you mean blocklisted\?/,
  ],
  'a reply with a line break in it': [
    'hosts:\n  mx.example.net:\n    provider: accept-all\n    behaviours: [{ canned-reply: { at: mail, reply: "550 5.7.1 No\\r\\n250 Yes" } }]\n',
    /has a line break or NUL inside a line/,
  ],
  'a reply that contradicts its enhanced code': [
    'hosts:\n  mx.example.net: { provider: accept-all, accent: { mail: 250 5.1.0 Ok } }\n',
    /says 250 and 5\.1\.0, which contradict each other/,
  ],
  'an exchanger that is no host': [
    'hosts: { mx.example.net: gmail }\ndomains: { example.net: [mx2.example.net] }\n',
    /is not a host of this world/,
  ],
  'an exchanger that is nearly a host': [
    'hosts: { mx.example.net: gmail }\ndomains: { example.net: [mx.exmple.net] }\n',
    /is not a host of this world\n.*did you mean mx\.example\.net\?/,
  ],
  'a situation of one machine of a pool that is not there': [
    'hosts: { mx.example.net: { provider: gmail, pool: [{ situation: certificate-expired }, { situation: dmrac }] } }\n',
    /is not a situation of gmail\n.*did you mean dmarc\?/,
  ],
  'a mailbox in a state that nobody knows': [
    'hosts: { mx.example.net: { provider: gmail, mailboxes: { alice: existss } } }\n',
    /is not a state that a mailbox of gmail can be in\n.*did you mean exists\?/,
  ],
  'a host whose name has a blank': ['hosts: { "mx example": gmail }\n', /is not a name of a host/],
  'two hosts at one address': [
    'hosts:\n  mx1.example.net: { provider: gmail, addresses: [192.0.2.7] }\n  mx2.example.net: { absent: refused, addresses: [192.0.2.7] }\n',
    /is taken: mx1\.example\.net is at 192\.0\.2\.7 port 25/,
  ],
  'a real host': [
    'hosts: { mx.example.net: { address: 192.0.2.7 } }\n',
    /leads to a real host: only a scenario can have one/,
  ],
  'no hosts': ['about: nothing\n', /hosts/],
  'a zone that is none': [
    'hosts: { mx.example.net: gmail }\nzone: { example.net: { a: nowhere } }\n',
    /is not an IPv4 address/,
  ],
};

for (const [what, [text, told]] of Object.entries(wrongWorlds)) {
  test(`${what} is told with its place, and nothing is started`, async () => {
    const folder = folderWith({ 'world.yaml': `world: A world\n${text}` });
    const refused = await startLab(join(folder, 'world.yaml')).then(
      () => undefined,
      (error: unknown) => error,
    );
    expect(refused).toBeInstanceOf(WorldError);
    expect((refused as WorldError).message).toMatch(told);
    expect((refused as WorldError).message).toMatch(/world\.yaml(:\d+:\d+|:)/);
    expect((refused as WorldError).issues).toHaveLength(1);
  });
}

test('all mistakes are told at once, in the order of the file: in words, in names, and in what leads where', async () => {
  const text = `world: A world
hosts:
  mx1.example.net: { absent: refusd }
  mx2.example.net: { provider: postfx }
  mx3.example.net: { provider: postfix, situation: [greylisted, nope], port: 99999 }
  mx4.example.net: { provider: postfix, mailboxes: { alice: existss } }
domains:
  example.net: [mx9.example.net]
zone:
  x.example: { fails: servfial }
`;
  const folder = folderWith({ 'world.yaml': text });
  const { issues } = (await startLab(join(folder, 'world.yaml')).catch((error) => error)) as WorldError;
  expect(issues.map(({ line, message }) => [line, message.split(/ of |:|,/)[0]])).toEqual([
    [3, 'must be one of'],
    [4, 'is not a provider'],
    [5, 'is not a situation'],
    [5, 'must be at most 65535'],
    [6, 'is not a state that a mailbox'],
    [8, 'is not a host'],
    [10, 'must be one of'],
  ]);
});

test('states of mailboxes that the host itself answers are its own', async () => {
  const replies = { replies: { asleep: '450 4.2.1 Asleep' } };
  const host = {
    provider: 'accept-all',
    mailboxes: { bob: 'asleep' },
    behaviours: [{ 'known-mailboxes': replies }],
  };
  const lab = await startLab({ hosts: { 'mx.example.net': host } });
  await lab.close();
});

test('a file that is not there is told', async () => {
  await expect(startLab('/nowhere/world.yaml')).rejects.toThrow(/world\.yaml/);
});

test('mistakes in a world made by a program are told too', async () => {
  await expect(startLab({ hosts: { 'mx.example.net': 'nobody' } })).rejects.toThrow(/is not a provider/);
});

test('free ports are all different, and given ones follow each other', async () => {
  const hosts = { 'a.example': 'accept-all', 'b.example': 'accept-all', 'c.example': 'accept-all' };
  const free = await running({ hosts });
  expect(new Set(free.hosts.map(({ port }) => port)).size).toBe(3);
  const first = free.hosts[0]?.port ?? 0;
  await free.close();
  const given = await startLab({ hosts: { 'a.example': 'accept-all' } }, { port: first });
  onTestFinished(() => given.close());
  expect(given.hosts[0]?.port).toBe(first);
});

test('a port that is taken is refused, and hosts that had been started are closed', async () => {
  const address = '127.93.0.7'; // where no other test takes ports
  const taken = await running(one, { address });
  const port = taken.hosts[0]?.port ?? 0;
  const hosts = { 'first.example': 'accept-all', 'second.example': 'accept-all' };
  await expect(startLab({ hosts }, { address, port: port - 1 })).rejects.toMatchObject({
    code: 'EADDRINUSE',
  });
  const again = await startLab(one, { address, port: port - 1 }).catch(
    (error: NodeJS.ErrnoException) => error.code,
  );
  if (typeof again === 'object') await again.close();
  expect(again).not.toBe('EADDRINUSE');
});

test('dial leads a probe to the same host as a program from outside, and both are written down', async () => {
  const lab = await running(one);
  const [address] = (lab.zone['mx.example.net']?.a ?? []) as string[];
  const socket = await lab.dial(
    { address: address ?? '', port: 25, from: '198.51.100.9' },
    new AbortController().signal,
  );
  socket.end('QUIT\r\n').resume();
  await lab.waitForDialogues(1);
  const client = await OutsideClient.to(lab.host('mx.example.net'));
  await client.talk(['QUIT']);
  expect((await lab.waitForDialogues(2)).map(({ client }) => client)).toEqual(['198.51.100.9', '127.0.0.1']);
});

test('situations are switched while a client is there', async () => {
  const lab = await running({ hosts: { 'mx.example.net': 'outlook' } });
  const client = await OutsideClient.to(lab.host('mx.example.net'));
  await client.talk([hello]);
  lab.switch('mx.example.net', 'blocklisted');
  expect(lab.host('mx.example.net').situations).toEqual(['blocklisted']);
  expect((await client.say(mail)).at(-1)).toMatch(/^550 5\.7\.1 /);
  lab.switch('mx.example.net', 'blocklisted', false);
  const later = await OutsideClient.to(lab.host('mx.example.net'));
  expect((await later.talk([hello, mail])).at(-1)).toMatch(/^250 /);
});

test('what is not there is told as such', async () => {
  const lab = await running(one);
  expect(() => lab.host('mx.example.org')).toThrow(
    new RangeError('there is no host called mx.example.org; hosts: mx.example.net'),
  );
  expect(() => lab.switch('mx.example.org', 'x')).toThrow(RangeError);
  expect(() => lab.switch('mx.example.net', 'no-such-thing')).toThrow(/no situation called no-such-thing/);
  expect(() => lab.plan('mx.example.net', { at: 'rcpt' })).toThrow(/needs either reply or how/);
  expect(() => lab.plan('mx.example.net', { at: 'rcpt', reply: '451 5.7.1 Later' })).toThrow(
    /contradict each other/,
  );
});

test('a planned fault is used so many times and no more, and those left over are told', async () => {
  const lab = await running(one);
  const { id } = lab.plan('mx.example.net', { at: 'rcpt', reply: '451 4.7.1 Later', times: 2 });
  lab.plan('mx.example.net', { at: 'data', how: 'reset' });
  lab.plan('mx.example.net', { at: 'rcpt', reply: '550 5.1.1 No', recipient: 'carol' });
  const client = await OutsideClient.to(lab.host('mx.example.net'));
  const replies = await client.talk([hello, mail, rcpt, 'RCPT TO:<carol@example.net>', rcpt, rcpt]);
  expect(replies.slice(3)).toEqual(['451 4.7.1 Later', '451 4.7.1 Later', '250 2.1.5 Ok', '250 2.1.5 Ok']);
  expect(lab.unusedFaults).toMatchObject([
    { host: 'mx.example.net', at: 'data', times: 1, left: 1 },
    { host: 'mx.example.net', at: 'rcpt', recipient: 'carol', left: 1 },
  ]);
  expect(lab.unusedFaults.map((fault) => fault.id)).not.toContain(id);
  expect((await client.say('RCPT TO:<carol@example.net>')).at(-1)).toBe('550 5.1.1 No');
  expect(await client.say('DATA')).toEqual(['rst']);
  expect(lab.unusedFaults).toEqual([]);
});

test('a manual clock moves when it is moved: a greylist, and a limit on idle sessions', async () => {
  const lab = await running(
    { hosts: { 'mx.example.net': { provider: 'accept-all', behaviours: [greylisting] } } },
    { clock: 'manual' },
  );
  const attempt = async (): Promise<string | undefined> => {
    const client = await OutsideClient.to(lab.host('mx.example.net'));
    const replies = await client.talk([hello, mail, rcpt, 'QUIT']);
    return replies[3];
  };
  expect(await attempt()).toBe('450 4.7.1 Greylisted');
  lab.advance(minutes(5) - 1);
  expect(await attempt()).toBe('450 4.7.1 Greylisted');
  lab.advance(1);
  expect(await attempt()).toBe('250 2.1.5 Ok');
});

test('a clock that goes by itself cannot be moved', async () => {
  const lab = await running(one);
  expect(() => lab.advance(seconds(1))).toThrow(/goes by itself/);
});

test('a faster clock: a reply that is half an hour late comes in real time for a test', async () => {
  const behaviours = [{ tarpit: { at: 'mail' as const, delay: '30m' } }];
  const lab = await running(
    { hosts: { 'mx.example.net': { provider: 'accept-all', behaviours } } },
    { clock: 36_000 },
  );
  const client = await OutsideClient.to(lab.host('mx.example.net'));
  await client.talk([hello, mail]);
  const [dialogue] = lab.dialogues;
  const [asked, answered] = [dialogue?.events.at(-2)?.at ?? 0, dialogue?.events.at(-1)?.at ?? 0];
  expect(answered - asked).toBeGreaterThanOrEqual(minutes(30) - seconds(36)); // a timer may ring a millisecond early
});

test('memory can be read, reset, and taken up by another lab', async () => {
  const world = { hosts: { 'mx.example.net': { provider: 'accept-all', behaviours: [greylisting] } } };
  const lab = await running(world, { clock: 'manual' });
  const attempt = async (there: RunningLab): Promise<string | undefined> => {
    const client = await OutsideClient.to(there.host('mx.example.net'));
    return (await client.talk([hello, mail, rcpt, 'QUIT']))[3];
  };
  await attempt(lab);
  const saved = lab.memory('mx.example.net');
  expect(saved).toEqual({
    'greylisting:tuples': { '127.0.0.0 ada@example.org bob@example.net': { first: lab.clock.now() } },
  });
  lab.advance(minutes(5));
  lab.resetMemory('mx.example.net');
  expect(lab.memory('mx.example.net')).toEqual({});
  expect(await attempt(lab)).toBe('450 4.7.1 Greylisted');

  const other = await running(world, { clock: 'manual' });
  other.loadMemory('mx.example.net', JSON.parse(JSON.stringify(saved)));
  other.advance(minutes(5));
  expect(await attempt(other)).toBe('250 2.1.5 Ok');
  expect(() => other.loadMemory('mx.example.net', { x: 'y' } as never)).toThrow();
});

test('hosts of one provider share what they remember', async () => {
  const host = { provider: 'accept-all', behaviours: [greylisting] };
  const lab = await running(
    { hosts: { 'mx1.example.net': host, 'mx2.example.net': host, 'mx.example.org': 'greylister' } },
    { clock: 'manual' },
  );
  const client = await OutsideClient.to(lab.host('mx1.example.net'));
  await client.talk([hello, mail, rcpt]);
  expect(lab.memory('mx2.example.net')).toEqual(lab.memory('mx1.example.net'));
  expect(lab.memory('mx2.example.net')).not.toEqual({});
  expect(lab.memory('mx.example.org')).toEqual({});
});

test('reset forgets clients, dialogues and faults, and leaves situations', async () => {
  const lab = await running({
    hosts: { 'mx.example.net': { provider: 'accept-all', behaviours: [greylisting] } },
  });
  lab.switch('mx.example.net', 'greylisted');
  lab.plan('mx.example.net', { at: 'mail', reply: '451 4.3.0 Later' });
  const client = await OutsideClient.to(lab.host('mx.example.net'));
  await client.talk(['QUIT']);
  await lab.waitForDialogues(1);
  const lasting = await OutsideClient.to(lab.host('mx.example.net'));
  await lasting.talk([hello]);
  lab.reset();
  expect({
    dialogues: lab.dialogues,
    faults: lab.unusedFaults,
    memory: lab.memory('mx.example.net'),
  }).toEqual({ dialogues: [], faults: [], memory: {} });
  expect(lab.host('mx.example.net').situations).toEqual(['greylisted']);
  const over = lasting.say('QUIT');
  const fresh = await OutsideClient.to(lab.host('mx.example.net'));
  await fresh.talk(['QUIT']);
  await over;
  const counted = await lab.waitForDialogues(1); // the one that began before is not counted
  expect(counted.map(({ id }) => id)).toEqual([3]);
});

test('waiting for dialogues ends with those that have ended, in vain after a while, or with the lab', async () => {
  const lab = await startLab(one);
  const both = lab.waitForDialogues(2);
  for (let i = 0; i < 2; i++) await (await OutsideClient.to(lab.host('mx.example.net'))).talk(['QUIT']);
  expect(await both).toHaveLength(2);
  await expect(lab.waitForDialogues(3, 1)).rejects.toThrow('waited 1 ms for 3 dialogues in vain');
  const never = expect(lab.waitForDialogues(3)).rejects.toThrow('the lab was closed');
  await lab.close();
  await never;
});

test('a lab that is closed leaves nothing that keeps the process', async () => {
  const behaviours = [{ tarpit: { delay: '1h' } }, { 'session-limits': { age: '2h' } }];
  const lab = await startLab({ hosts: { 'mx.example.net': { provider: 'accept-all', behaviours } } });
  const client = await OutsideClient.to(lab.host('mx.example.net'));
  await lab.close();
  await client.end();
  expect(process.getActiveResourcesInfo().filter((name) => name === 'Timeout').length).toBeLessThanOrEqual(1); // vitest's own
});

test('two labs with one seed say the same random things', async () => {
  const greeting = async (seed: string): Promise<string[]> => {
    const lab = await running({ hosts: { 'mx.example.net': 'gmail' }, seed }, { clock: 'manual' });
    return (await OutsideClient.to(lab.host('mx.example.net'))).reply();
  };
  expect(await greeting('7')).toEqual(await greeting('7'));
  expect(await greeting('7')).not.toEqual(await greeting('8'));
});

test('a file is read anew for each lab', async () => {
  const folder = folderWith({ 'world.yaml': 'world: One\nhosts: { a.example: accept-all }\n' });
  const file = join(folder, 'world.yaml');
  expect((await running(file)).hosts.map(({ name }) => name)).toEqual(['a.example']);
  writeFileSync(file, 'world: Two\nhosts: { b.example: accept-all }\n');
  expect((await running(file)).hosts.map(({ name }) => name)).toEqual(['b.example']);
});
