import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import type { Zone } from '../../../src/dns/zone.ts';
import { ZoneResolver } from '../../../src/dns/zone-resolver.ts';
import type { Environment } from '../../../src/probe/environment.ts';
import { liveDial, NotLiveError } from '../../../src/probe/live-dial.ts';
import { VirtualClock } from '../../../src/time/virtual-clock.ts';
import { checkBlockList, listedName } from '../../../src/verify/preflight/block-list.ts';
import type { Finding, PreflightCheck } from '../../../src/verify/preflight/finding.ts';
import { checkHelo } from '../../../src/verify/preflight/helo.ts';
import { blockListAt, usualBlockLists } from '../../../src/verify/preflight/lists.ts';
import { isSeenOutside } from '../../../src/verify/preflight/own-address.ts';
import { type PreflightOptions, preflight } from '../../../src/verify/preflight/preflight.ts';
import { checkReverseName } from '../../../src/verify/preflight/reverse-name.ts';
import { checkSenderDomain, checkSpf } from '../../../src/verify/preflight/sender.ts';
import { Witness } from '../../../src/verify/preflight/witness.ts';
import { startLab } from '../../../src/world/start-lab.ts';

const ours = '203.0.113.10';
const resolverOf = (zone: Zone): ZoneResolver => new ZoneResolver(zone, new VirtualClock());

test.each<[string, Zone, string, RegExp]>([
  [
    'a name that leads back',
    { [ours]: { ptr: ['mx.a.example'] }, 'mx.a.example': { a: [ours] } },
    'fine',
    /leads back/,
  ],
  [
    'one of two that does',
    { [ours]: { ptr: ['b.example', 'mx.a.example'] }, 'mx.a.example': { a: [ours] } },
    'fine',
    /called mx\.a\.example/,
  ],
  ['no name', {}, 'bad', /no PTR record/],
  [
    'a name that leads elsewhere',
    { [ours]: { ptr: ['mx.a.example'] }, 'mx.a.example': { a: ['192.0.2.1'] } },
    'bad',
    /does not lead back/,
  ],
  [
    'a name of a line',
    { [ours]: { ptr: ['203-0-113-10.isp.example'] }, '203-0-113-10.isp.example': { a: [ours] } },
    'doubtful',
    /customers/,
  ],
  [
    'a name of a pool',
    { [ours]: { ptr: ['x7.dyn.isp.example'] }, 'x7.dyn.isp.example': { a: [ours] } },
    'doubtful',
    /customers/,
  ],
  ['trouble', { [ours]: { fails: 'servfail' } }, 'could not tell', /did not say/],
  [
    'trouble on the way back',
    { [ours]: { ptr: ['mx.a.example'] }, 'mx.a.example': { fails: 'timeout' } },
    'could not tell',
    /could not be told/,
  ],
])('reverse name: %s', async (_, zone, verdict, says) => {
  const { judged } = await checkReverseName(resolverOf(zone), ours);
  expect(judged).toMatchObject({ verdict, says: expect.stringMatching(says) });
});

test('the reverse name of an IPv6 address', async () => {
  const zone: Zone = {
    '2001:db8::1': { ptr: ['mx.a.example'] },
    'mx.a.example': { aaaa: ['2001:db8:0::1'] },
  };
  expect((await checkReverseName(resolverOf(zone), '2001:DB8::1')).judged.verdict).toBe('fine');
});

const named: Zone = {
  'mx.a.example': { a: [ours] },
  'else.example': { a: ['192.0.2.1'] },
  'broken.example': { fails: 'timeout' },
};

test.each<[string, string, RegExp, readonly string[]]>([
  ['mx.a.example', 'fine', /that is what/, ['mx.a.example']],
  ['MX.A.example.', 'fine', /that is what/, ['mx.a.example']],
  ['mx.a.example', 'doubtful', /is called other\.example/, ['other.example']],
  ['mx.a.example', 'doubtful', /no name of its own/, []],
  ['else.example', 'doubtful', /not to 203/, ['mx.a.example']],
  ['nowhere.example', 'bad', /no address record/, []],
  ['broken.example', 'could not tell', /did not say/, []],
  ['myhost', 'bad', /no full name/, []],
  ['localhost.localdomain', 'bad', /only inside/, []],
  ['printer.local', 'bad', /only inside/, []],
  ['a_b.example', 'bad', /no name of a host/, []],
  ['203.0.113.10', 'bad', /\[203\.0\.113\.10\]/, []],
  ['[203.0.113.10]', 'doubtful', /allowed/, []],
  ['[192.0.2.7]', 'bad', /not our address/, []],
])('HELO name %s: %s %s', async (helo, verdict, says, names) => {
  const judged = await checkHelo(resolverOf(named), helo, { address: ours, names });
  expect(judged).toMatchObject({ verdict, says: expect.stringMatching(says) });
});

test.each<[Zone, string]>([
  [{ 'a.example': { mx: [{ preference: 1, exchange: 'mx.a.example' }] }, ...named }, 'fine'],
  [{ 'a.example': { a: ['192.0.2.1'] } }, 'fine'],
  [{ 'a.example': { mx: [{ preference: 0, exchange: '' }] } }, 'bad'],
  [{ 'a.example': { txt: ['x'] } }, 'bad'],
  [{}, 'bad'],
  [{ 'a.example': { fails: 'servfail' } }, 'could not tell'],
])('sender domain in %j: %s', async (zone, verdict) => {
  expect((await checkSenderDomain(resolverOf(zone), 'a.example')).verdict).toBe(verdict);
});

test.each<[string | undefined, string]>([
  ['v=spf1 ip4:203.0.113.0/24 -all', 'fine'],
  ['v=spf1 -all', 'bad'],
  ['v=spf1 ~all', 'doubtful'],
  ['v=spf1 ?all', 'doubtful'],
  [undefined, 'doubtful'],
  ['v=spf1 moo', 'bad'],
  ['v=spf1 include:broken.example', 'could not tell'],
])('SPF %s: %s', async (txt, verdict) => {
  const zone: Zone = { ...named, 'a.example': txt === undefined ? {} : { txt: [txt] } };
  const asked = { ip: ours, sender: 'me@a.example', helo: 'mx.a.example' };
  expect((await checkSpf(resolverOf(zone), asked)).verdict).toBe(verdict);
});

test('without a sender SPF is that of the HELO name: RFC 7208 2.4', async () => {
  const zone: Zone = {
    'mx.a.example': { txt: ['v=spf1 exists:%{l}.%{o} -all'] },
    'postmaster.mx.a.example': { a: ['127.0.0.2'] },
  };
  expect((await checkSpf(resolverOf(zone), { ip: ours, sender: '', helo: 'mx.a.example' })).verdict).toBe(
    'fine',
  );
});

test('an address literal has no SPF record, and nobody is asked for one: RFC 7208 2.3', async () => {
  const witness = new Witness(resolverOf({}), new VirtualClock());
  const judged = await checkSpf(witness, { ip: ours, sender: '', helo: `[${ours}]` });
  expect(judged).toMatchObject({ verdict: 'doubtful', says: expect.stringContaining('is no domain name') });
  expect(judged.advice).toMatch(/^Name an address of a domain of yours/);
  expect(witness.evidence).toEqual([]);
});

test('a term of 60,000 letters does not fill the screen', async () => {
  const zone: Zone = { 'a.example': { txt: [`v=spf1 exists:${'x'.repeat(60_000)} -all`] } };
  const { says } = await checkSpf(resolverOf(zone), { ip: ours, sender: 'me@a.example', helo: 'x.example' });
  expect(says).toContain('exists:xxx');
  expect(says.length).toBeLessThan(500);
});

const zen = async () => {
  const [list] = await usualBlockLists();
  if (list?.zone !== 'zen.spamhaus.org') throw new Error('it is not the first any more');
  return list;
};
const alive: Zone = { '2.0.0.127.zen.spamhaus.org': { a: ['127.0.0.2'] } };
const own = '10.113.0.203.zen.spamhaus.org';

test.each<[string, Zone, string, RegExp]>([
  ['not listed', alive, 'fine', /is not on Spamhaus ZEN/],
  ['listed', { ...alive, [own]: { a: ['127.0.0.4', '127.0.0.10'] } }, 'bad', /XBL.*; PBL/],
  ['listed with a code of its own', { ...alive, [own]: { a: ['127.0.0.99'] } }, 'bad', /127\.0\.0\.99/],
  [
    'an answer that is an error',
    { ...alive, [own]: { a: ['127.255.255.254'] } },
    'could not tell',
    /no listing.*public resolver/,
  ],
  [
    'an error for the test point too',
    { '2.0.0.127.zen.spamhaus.org': { a: ['127.255.255.252'] } },
    'could not tell',
    /mistyped/,
  ],
  ['no test point', {}, 'could not tell', /does not list 127\.0\.0\.2/],
  ['everybody is listed', { '*.zen.spamhaus.org': { a: ['127.0.0.2'] } }, 'could not tell', /out of service/],
  [
    'a domain that was sold',
    { '*.zen.spamhaus.org': { a: ['192.0.2.80'] } },
    'could not tell',
    /does not list/,
  ],
  ['listed, and no test point', { [own]: { a: ['127.0.0.4'] } }, 'doubtful', /XBL/],
  ['no answer', { ...alive, [own]: { fails: 'refused' } }, 'could not tell', /no answer/],
])('block list: %s', async (_, zone, verdict, says) => {
  const judged = await checkBlockList(resolverOf(zone), await zen(), ours);
  expect(judged).toMatchObject({ verdict, says: expect.stringMatching(says) });
});

test.each<[string, string, RegExp]>([
  ['2001:db8::1', 'fine', /is not on/],
  ['2001:db8::66', 'bad', /is on v6\.example/],
  ['203.0.113.10', 'could not tell', /lists no IPv4/],
])('a list of IPv6 addresses alone has test addresses of its own: %s', async (address, verdict, says) => {
  const list = { ...(await zen()), zone: 'v6.example', families: [6 as const] };
  const zone = Object.fromEntries(
    ['::ffff:127.0.0.2', '2001:db8::66'].map((one) => [listedName(one, list.zone), { a: ['127.0.0.2'] }]),
  );
  const judged = await checkBlockList(resolverOf(zone), { ...list, name: undefined }, address);
  expect(judged).toMatchObject({ verdict, says: expect.stringMatching(says) });
});

test('the names that block lists are asked for: RFC 5782 2.1, 2.4', () => {
  expect(listedName('192.0.2.99', 'bad.example.com')).toBe('99.2.0.192.bad.example.com');
  expect(listedName('2001:db8:1:2:3:4:567:89ab', 'ugly.example.com')).toBe(
    'b.a.9.8.7.6.5.0.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2.ugly.example.com',
  );
});

test('every list that ships has a source, and a list can be named by its zone', async () => {
  for (const { zone, source, page } of await usualBlockLists())
    expect([zone, source, page]).not.toContain(undefined);
  expect(blockListAt('DNSBL.example.org.')).toMatchObject({ zone: 'dnsbl.example.org', weight: 'bad' });
  for (const text of ['', 'foo', 'a b.example', '-x.example', 'x'.repeat(300)])
    expect(blockListAt(text)).toBeUndefined();
});

test.each([
  ['192.168.1.5', false],
  ['10.0.0.1', false],
  ['100.64.0.9', false],
  ['127.0.0.1', false],
  ['::1', false],
  ['fd00::1', false],
  ['::ffff:10.0.0.1', false],
  ['8.8.8.8', true],
  ['203.0.113.10', true],
  ['2001:db8::1', true],
])('%s is seen outside: %s', (address, seen) => {
  expect(isSeenOutside(address)).toBe(seen);
});

const world = fileURLToPath(new URL('../../../fixtures/worlds/preflight.yaml', import.meta.url));

async function findings(
  more: Partial<PreflightOptions> = {},
): Promise<{ found: readonly Finding[]; said: string[] }> {
  const running = await startLab(world, { clock: 'virtual' });
  try {
    const found = await preflight(running, {
      helo: 'probe.verifier.example',
      sender: 'me@verifier.example',
      sources: [ours],
      lists: [await zen()],
      ...more,
    });
    const said = running.dialogues.flatMap(({ events }) =>
      events.flatMap((event) => (event.kind === 'sent' ? event.lines : [])),
    );
    return { found, said };
  } finally {
    await running.close();
  }
}

const ofCheck = (found: readonly Finding[], check: PreflightCheck): Finding[] =>
  found.filter((finding) => finding.check === check);

test('all is fine, each with what was asked and answered, and nobody hears more than QUIT', async () => {
  const { found, said } = await findings({ domains: ['strict.example'] });
  expect(found.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
    'reverse-name fine',
    'helo fine',
    'spf fine',
    'block-list fine',
    'sender-domain fine',
    'port fine',
  ]);
  expect(found.flatMap(({ evidence }) => evidence)).toEqual(
    expect.arrayContaining([
      { asked: 'PTR 10.113.0.203.in-addr.arpa', answered: 'probe.verifier.example' },
      {
        asked: 'TXT verifier.example',
        answered: '"v=spf1 a:probe.verifier.example include:_spf.verifier.example -all"',
      },
      { asked: 'A 10.113.0.203.zen.spamhaus.org', answered: 'no such name (NXDOMAIN)' },
      {
        asked: expect.stringMatching(/^a connection to mx\.strict\.example \(.*\) at port 25$/),
        answered: expect.stringMatching(/^220 /),
      },
    ]),
  );
  expect(found.filter(({ grounds }) => grounds.length === 0)).toEqual([]);
  expect(said).toEqual(['QUIT']);
});

test.each<[readonly string[], readonly string[], RegExp]>([
  [['blocked.example'], ['bad'], /greets with 554 5\.7\.1/],
  [['busy.example'], ['doubtful'], /421/],
  [['refused.example'], ['doubtful'], /was refused.*No other host was tried/],
  [['refused.example', 'strict.example'], ['doubtful', 'fine'], /Others answer, so the port itself is open/],
  [['silent.example'], ['bad', 'bad'], /Nothing came back.*within 20 s/],
  [['silent.example', 'refused.example'], ['bad', 'bad', 'bad'], /firewall/],
  [['mute.example'], ['doubtful'], /no greeting came/],
  [['reset.example'], ['doubtful'], /was reset/],
  [['nowhere.example'], ['could not tell'], /no mail host of nowhere\.example was found/],
  [[], ['could not tell'], /nobody was named/],
])('the way to %j: %j', async (domains, verdicts, says) => {
  const { found } = await findings({ domains, lists: [] });
  const port = ofCheck(found, 'port');
  expect(port.map(({ verdict }) => verdict)).toEqual(verdicts);
  expect(port.map((finding) => finding.says).join(' ')).toMatch(says);
});

test('a hoster that answers for everybody is found out', async () => {
  const verdictsOf = async (...domains: string[]) =>
    ofCheck((await findings({ domains, lists: [] })).found, 'port').map(({ verdict }) => verdict);
  expect(await verdictsOf('foreign.example', 'other.example', 'third.example')).toEqual([
    'bad',
    'bad',
    'bad',
  ]);
  expect(await verdictsOf('foreign.example', 'other.example')).toEqual(['doubtful', 'doubtful']);
  expect(await verdictsOf('foreign.example')).toEqual(['fine']);
});

test('what is wrong with an address shows where it is', async () => {
  const verdicts = async (more: Partial<PreflightOptions>) =>
    Object.fromEntries(
      (await findings({ domains: [], ...more })).found.map(({ check, verdict }) => [check, verdict]),
    );
  expect(await verdicts({ sources: ['203.0.113.20'] })).toMatchObject({
    'reverse-name': 'bad',
    helo: 'doubtful',
    spf: 'bad',
  });
  expect(await verdicts({ sources: ['203.0.113.66'] })).toMatchObject({
    'reverse-name': 'fine',
    spf: 'fine',
    'block-list': 'bad',
  });
  expect(await verdicts({ publicAddresses: ['::FFFF:203.0.113.66'] })).toMatchObject({
    'reverse-name': 'fine',
    'block-list': 'bad',
  });
  expect(await verdicts({ sources: ['203.0.113.99'] })).toMatchObject({ 'block-list': 'could not tell' });
  expect(await verdicts({ sender: 'me@wrong.example' })).toMatchObject({
    spf: 'bad',
    'sender-domain': 'fine',
  });
  expect(await verdicts({ sender: '' })).not.toHaveProperty('sender-domain');
});

test('the SPF of the HELO name counts where it has one: RFC 7208 2.3', async () => {
  const { found } = await findings({ helo: 'strict-helo.verifier.example', domains: [], lists: [] });
  expect(ofCheck(found, 'spf').map(({ about, verdict }) => [about, verdict])).toEqual([
    ['verifier.example', 'fine'],
    ['strict-helo.verifier.example', 'bad'],
  ]);
});

test('a check ends after a minute, however slow the name system is', async () => {
  const clock = new VirtualClock();
  const slow = Object.fromEntries(
    Array.from({ length: 9 }, (_, i) => [
      `s${i}.example`,
      { slow: 9_000, txt: [`v=spf1 include:s${i + 1}.example -all`] },
    ]),
  );
  const witness = new Witness(new ZoneResolver(slow, clock), clock);
  const judged = await checkSpf(witness, { ip: ours, sender: 'me@s0.example', helo: 'x.example' });
  expect(judged.verdict).toBe('could not tell');
  expect(witness.evidence).toHaveLength(7);
});

test('behind a gateway nothing is told of our address until it is named', async () => {
  const inner = await findings({ sources: ['10.1.2.3'], domains: [] });
  expect(inner.found.map(({ check, verdict }) => `${check} ${verdict}`)).toEqual([
    'own-address could not tell',
    'helo fine',
    'sender-domain fine',
    'port could not tell',
  ]);
  expect(inner.found[0]?.advice).toContain('--public-ip');
  const told = await findings({ sources: ['10.1.2.3'], publicAddresses: [ours], domains: [] });
  expect(ofCheck(told.found, 'reverse-name')[0]?.verdict).toBe('fine');
});

test('each of several addresses is looked at', async () => {
  const { found } = await findings({
    sources: [ours, '203.0.113.11'],
    domains: ['strict.example'],
  });
  expect(ofCheck(found, 'reverse-name').map(({ about, verdict }) => [about, verdict])).toEqual([
    [ours, 'fine'],
    ['203.0.113.11', 'bad'],
  ]);
  expect(ofCheck(found, 'port')).toHaveLength(2);
});

test('without --live nothing leaves this machine', async () => {
  const clock = new VirtualClock();
  const environment: Environment = {
    clock,
    resolver: new ZoneResolver(
      {
        'a.example': { mx: [{ preference: 1, exchange: 'mx.a.example' }] },
        'mx.a.example': { a: ['192.0.2.1'] },
      },
      clock,
    ),
    dial: liveDial({ clock }),
    random: () => 0,
  };
  await expect(
    preflight(environment, { helo: 'mx.a.example', sender: '', lists: [], domains: ['a.example'] }),
  ).rejects.toThrow(NotLiveError);
});
