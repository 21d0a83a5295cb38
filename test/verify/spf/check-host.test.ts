import { expect, test } from 'vitest';
import type { Zone, ZoneRecords } from '../../../src/dns/zone.ts';
import { ZoneResolver } from '../../../src/dns/zone-resolver.ts';
import { VirtualClock } from '../../../src/time/virtual-clock.ts';
import { checkHost, type SpfFinding } from '../../../src/verify/spf/check-host.ts';

function check(
  zone: Zone,
  ip: string,
  { sender = 'mary@example.com', helo = 'mail.example.com' } = {},
): Promise<SpfFinding> {
  const domain = sender.slice(sender.lastIndexOf('@') + 1);
  return checkHost(new ZoneResolver(zone, new VirtualClock()), { ip, domain, sender, helo });
}

const resultOf = async (...args: Parameters<typeof check>): Promise<string> => (await check(...args)).result;

/** The zone of RFC 7208 appendix A. */
const appendix: Zone = {
  'example.com': {
    mx: [
      { preference: 10, exchange: 'mail-a.example.com' },
      { preference: 20, exchange: 'mail-b.example.com' },
    ],
    a: ['192.0.2.10', '192.0.2.11'],
  },
  'amy.example.com': { a: ['192.0.2.65'] },
  'bob.example.com': { a: ['192.0.2.66'] },
  'mail-a.example.com': { a: ['192.0.2.129'] },
  'mail-b.example.com': { a: ['192.0.2.130'] },
  'www.example.com': { cname: 'example.com' },
  'example.org': { mx: [{ preference: 10, exchange: 'mail-c.example.org' }] },
  'mail-c.example.org': { a: ['192.0.2.140'] },
  '192.0.2.10': { ptr: ['example.com'] },
  '192.0.2.65': { ptr: ['amy.example.com'] },
  '192.0.2.140': { ptr: ['mail-c.example.org'] },
  '10.0.0.4': { ptr: ['bob.example.com'] }, // which it is not
};

const withRecords = (
  records: Readonly<Record<string, string | readonly string[]>>,
  base = appendix,
): Zone => {
  const zone: Record<string, ZoneRecords> = { ...base };
  for (const [name, txt] of Object.entries(records)) zone[name] = { ...zone[name], txt: [txt].flat() };
  return zone;
};

test.each([
  ['v=spf1 +all', ['192.0.2.1', '2001:db8::1'], []],
  ['v=spf1 a -all', ['192.0.2.10', '192.0.2.11'], ['192.0.2.129']],
  ['v=spf1 a:example.org -all', [], ['192.0.2.10', '192.0.2.140']],
  ['v=spf1 mx -all', ['192.0.2.129', '192.0.2.130'], ['192.0.2.10']],
  ['v=spf1 mx:example.org -all', ['192.0.2.140'], ['192.0.2.129']],
  ['v=spf1 mx mx:example.org -all', ['192.0.2.129', '192.0.2.130', '192.0.2.140'], ['192.0.2.141']],
  ['v=spf1 mx/30 mx:example.org/30 -all', ['192.0.2.131', '192.0.2.143'], ['192.0.2.132', '192.0.2.144']],
  ['v=spf1 ptr -all', ['192.0.2.65', '192.0.2.10'], ['192.0.2.140', '10.0.0.4']],
  ['v=spf1 ip4:192.0.2.128/28 -all', ['192.0.2.129', '::ffff:192.0.2.129'], ['192.0.2.65']],
])('RFC 7208 A.1: %s', async (record, passing, failing) => {
  const zone = withRecords({ 'example.com': record });
  for (const ip of passing) expect([ip, await resultOf(zone, ip)]).toEqual([ip, 'pass']);
  for (const ip of failing) expect([ip, await resultOf(zone, ip)]).toEqual([ip, 'fail']);
});

test('RFC 7208 A.2: include and redirect', async () => {
  const zone = withRecords({
    'example.com': 'v=spf1 ip4:192.0.2.1 -all',
    'example.net': 'v=spf1 ip4:192.0.2.2 -all',
    'example.org': 'v=spf1 include:example.com include:example.net -all',
    'la.example.org': 'v=spf1 redirect=example.org',
  });
  for (const sender of ['mary@example.org', 'mary@la.example.org']) {
    expect(await resultOf(zone, '192.0.2.1', { sender })).toBe('pass');
    expect(await resultOf(zone, '192.0.2.2', { sender })).toBe('pass');
    expect(await resultOf(zone, '192.0.2.3', { sender })).toBe('fail');
  }
  expect(await check(zone, '192.0.2.2', { sender: 'mary@la.example.org' })).toEqual({
    result: 'pass',
    by: 'include:example.net of example.org',
    lookups: 3,
  });
});

test('RFC 7208 A.3: users by exists and macros', async () => {
  const zone = withRecords(
    {
      'example.com': 'v=spf1 mx include:mobile-users._spf.%{d} include:remote-users._spf.%{d} -all',
      'mobile-users._spf.example.com': 'v=spf1 exists:%{l1r+}.%{d}',
      'remote-users._spf.example.com': 'v=spf1 exists:%{ir}.%{l1r+}.%{d}',
    },
    {
      ...appendix,
      'mary.mobile-users._spf.example.com': { a: ['127.0.0.2'] },
      '15.15.168.192.joel.remote-users._spf.example.com': { a: ['127.0.0.2'] },
    },
  );
  expect(await resultOf(zone, '203.0.113.1', { sender: 'mary+news@example.com' })).toBe('pass');
  expect(await resultOf(zone, '192.168.15.15', { sender: 'joel@example.com' })).toBe('pass');
  expect(await resultOf(zone, '192.168.15.16', { sender: 'joel@example.com' })).toBe('fail');
});

test('RFC 7208 A.4: what must hold together, by include with a minus', async () => {
  const zone = withRecords({
    'example.com': 'v=spf1 -include:ip4._spf.%{d} -include:ptr._spf.%{d} +all',
    'ip4._spf.example.com': 'v=spf1 -ip4:192.0.2.0/24 +all',
    'ptr._spf.example.com': 'v=spf1 -ptr:example.com +all',
  });
  expect(await resultOf(zone, '192.0.2.65')).toBe('pass');
  expect(await resultOf(zone, '192.0.2.140')).toBe('fail');
  expect(await resultOf(zone, '203.0.113.1')).toBe('fail');
});

test.each([
  ['%{ir}.%{v}._spf.%{d2}', '192.0.2.3', '3.2.0.192.in-addr._spf.example.com'],
  ['%{lr-}.lp._spf.%{d2}', '192.0.2.3', 'bad.strong.lp._spf.example.com'],
  ['%{lr-}.lp.%{ir}.%{v}._spf.%{d2}', '192.0.2.3', 'bad.strong.lp.3.2.0.192.in-addr._spf.example.com'],
  ['%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}', '192.0.2.3', '3.2.0.192.in-addr.strong.lp._spf.example.com'],
  ['%{d2}.trusted-domains.example.net', '192.0.2.3', 'example.com.trusted-domains.example.net'],
  ['%{o}.%{dr}.%{d1}', '192.0.2.3', 'email.example.com.com.example.email.com'],
  ['%{h}.x', '192.0.2.3', 'mail.example.com.x'],
  ['%{L}.x%_%-%%.%{d}', '192.0.2.3', 'strong-bad.x %20%.email.example.com'],
  [
    '%{ir}.%{v}._spf.%{d2}',
    '2001:db8::cb01',
    '1.0.b.c.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6._spf.example.com',
  ],
])('RFC 7208 7.4: %s of %s', async (macros, ip, name) => {
  const zone: Zone = {
    'email.example.com': { txt: [`v=spf1 exists:${macros} -all`] },
    [name]: { a: ['127.0.0.2'] },
  };
  expect(await resultOf(zone, ip, { sender: 'strong-bad@email.example.com' })).toBe('pass');
});

test('%{p} is a name of the client that leads back, and unknown where none does', async () => {
  const zone = withRecords(
    { 'example.com': 'v=spf1 exists:%{p}.names.test -all' },
    {
      ...appendix,
      'amy.example.com.names.test': { a: ['127.0.0.2'] },
      'unknown.names.test': { a: ['127.0.0.2'] },
    },
  );
  expect(await resultOf(zone, '192.0.2.65')).toBe('pass');
  expect(await resultOf(zone, '10.0.0.4')).toBe('pass');
  expect(await resultOf(zone, '192.0.2.140')).toBe('fail');
});

test('a name that macros made too long loses its first labels', async () => {
  const label = 'x'.repeat(60);
  const zone = withRecords(
    { 'example.com': `v=spf1 exists:${`${label}.`.repeat(5)}%{d} -all` },
    {
      [`${`${label}.`.repeat(3)}example.com`]: { a: ['127.0.0.2'] },
    },
  );
  expect(await resultOf(zone, '192.0.2.1')).toBe('pass');
});

test.each([
  ['moo', 'an unknown mechanism'],
  ['all:foo.example', 'an argument of all'],
  ['include', 'include without a domain'],
  ['exists:', 'exists without a domain'],
  ['ip4:192.0.2.1/33', 'too many bits'],
  ['ip4:192.0.2.1/032', 'a leading zero'],
  ['ip4:192.0.2', 'three numbers'],
  ['ip6:2001:db8::/129', 'too many bits of IPv6'],
  ['ip6:192.0.2.1', 'the other family'],
  ['a:example.com/33', 'too many bits of a'],
  ['a//129', 'too many bits of IPv6 of a'],
  ['a:foo', 'a domain of one label'],
  ['a:example.123', 'a top label of digits'],
  ['a:%{x}.example.com', 'a macro that there is not'],
  ['a:%{c}.example.com', 'a macro for explanations only'],
  ['a:%{d0}', 'keeping nothing'],
  ['a:%a.example.com', 'a stray percent sign'],
  ['redirect=', 'a redirect to nowhere'],
  ['redirect=a.example redirect=b.example', 'two redirects'],
  ['exp=a.example exp=b.example', 'two explanations'],
  ['foo=%{', 'an unknown modifier that breaks the grammar'],
  ['a:ctrl.example.com\rptr', 'a control character'],
  ['a:\ufeffgarbage.example.com', 'what is no ASCII'],
])('%s is a permerror, wherever it stands: %s', async (term) => {
  const zone = withRecords({ 'example.com': `v=spf1 ip4:192.0.2.1 ${term} -all` });
  expect(await resultOf(zone, '192.0.2.1')).toBe('permerror');
});

test.each([
  ['v=spf1', 'neutral'],
  ['V=SPF1 ~ALL', 'softfail'],
  ['v=spf1  ?all  ', 'neutral'],
  ['v=spf1 moo.cow-far_out=man:dog/cat%{c} -all', 'fail'],
  ['v=spf1 redirect=nowhere.example ~all', 'softfail'],
  ['v=spf1 ip4:192.0.2.9', 'neutral'],
  ['v=spf1 ip6:2001:db8::/0 -all', 'fail'],
  ['v=spf1 a:mail.example...com -all', 'fail'],
  [`v=spf1 a:${'x'.repeat(64)}.example.com -all`, 'fail'],
  ['v=spf10 +all', 'none'],
  ['v=spf1+all', 'none'],
])('%s: %s', async (record, result) => {
  expect(await resultOf(withRecords({ 'example.com': record }), '192.0.2.1')).toBe(result);
});

test('which records count', async () => {
  const two = withRecords({ 'example.com': ['v=spf1 -all', 'V=spf1 +all'] });
  expect(await resultOf(two, '192.0.2.1')).toBe('permerror');
  const others = withRecords({ 'example.com': ['some-verification=1', 'v=spf1 -all', 'v=spf2.0/pra +all'] });
  expect(await resultOf(others, '192.0.2.1')).toBe('fail');
  for (const domain of [
    'nowhere.example',
    'localhost',
    'a..example.com',
    '[192.0.2.1]',
    `${'x'.repeat(64)}.example.com`,
  ])
    expect(await resultOf(others, '192.0.2.1', { sender: `mary@${domain}` })).toBe('none');
});

test('a name system that does not answer is a temperror, but for names of the client', async () => {
  const broken: Zone = { 'broken.example': { fails: 'servfail' } };
  for (const term of [
    'include:broken.example',
    'a:broken.example',
    'mx:broken.example',
    'redirect=broken.example',
  ])
    expect(await resultOf(withRecords({ 'example.com': `v=spf1 ${term}` }, broken), '192.0.2.1')).toBe(
      'temperror',
    );
  const ptr = withRecords({ 'example.com': 'v=spf1 ptr -all' }, { '192.0.2.1': { fails: 'timeout' } });
  expect(await resultOf(ptr, '192.0.2.1')).toBe('fail');
});

test('include and redirect to a domain without a record are a permerror', async () => {
  for (const term of ['include:nowhere.example', 'redirect=nowhere.example'])
    expect(await resultOf(withRecords({ 'example.com': `v=spf1 ${term}` }), '192.0.2.1')).toBe('permerror');
});

const chain = (length: number): Zone =>
  withRecords(
    Object.fromEntries([
      ['example.com', 'v=spf1 include:s1.example.com -all'],
      ...Array.from({ length }, (_, i) => [
        `s${i + 1}.example.com`,
        i + 1 < length ? `v=spf1 include:s${i + 2}.example.com` : 'v=spf1 +all',
      ]),
    ]),
  );

test('ten look-ups are allowed, and no more: RFC 7208 4.6.4', async () => {
  expect(await check(chain(10), '192.0.2.1')).toMatchObject({ result: 'pass', lookups: 10 });
  expect(await resultOf(chain(11), '192.0.2.1')).toBe('permerror');
  const circle = withRecords({ 'example.com': 'v=spf1 redirect=example.com' });
  expect(await resultOf(circle, '192.0.2.1')).toBe('permerror');
  const cheap = withRecords({ 'example.com': `v=spf1 ${'ip4:192.0.2.9 '.repeat(50)}-all` });
  expect(await resultOf(cheap, '192.0.2.1')).toBe('fail');
});

test('two look-ups may find nothing, and no more', async () => {
  const terms = (count: number): Zone =>
    withRecords({
      'example.com': `v=spf1 ${Array.from({ length: count }, (_, i) => `a:none${i}.example.com`).join(' ')} -all`,
    });
  expect(await resultOf(terms(2), '192.0.2.1')).toBe('fail');
  expect(await resultOf(terms(3), '192.0.2.1')).toBe('permerror');
});

test('ten exchangers are looked at, and ten names', async () => {
  const names = Array.from({ length: 11 }, (_, i) => `h${i}.example.com`);
  const hosts = Object.fromEntries(names.map((name) => [name, { a: ['192.0.2.1'] }]));
  const mx = (count: number) => names.slice(0, count).map((exchange) => ({ preference: 1, exchange }));
  const base: Zone = {
    ...hosts,
    '192.0.2.1': { ptr: [...names.slice(0, 10).map((name) => `x.${name}`), 'h10.example.com'] },
  };
  const zone = (record: string, count: number): Zone => ({
    ...base,
    'example.com': { mx: mx(count), txt: [record] },
  });
  expect(await resultOf(zone('v=spf1 mx -all', 10), '192.0.2.1')).toBe('pass');
  expect(await resultOf(zone('v=spf1 mx -all', 11), '192.0.2.9')).toBe('permerror');
  expect(await resultOf(zone('v=spf1 ptr -all', 1), '192.0.2.1')).toBe('fail'); // the eleventh would have passed
});

test('the prefixes of both families stand side by side', async () => {
  const zone = withRecords(
    { 'example.com': 'v=spf1 a:both.example/24//64 -all' },
    {
      'both.example': { a: ['192.0.2.1'], aaaa: ['2001:db8::1'] },
    },
  );
  expect(await resultOf(zone, '192.0.2.200')).toBe('pass');
  expect(await resultOf(zone, '2001:db8::ffff')).toBe('pass');
  expect(await resultOf(zone, '2001:db8:1::1')).toBe('fail');
});

test('no bits at all match every address of the family', async () => {
  expect(await resultOf(withRecords({ 'example.com': 'v=spf1 ip4:192.0.2.1/0 -all' }), '198.51.100.1')).toBe(
    'pass',
  );
  expect(await resultOf(withRecords({ 'example.com': 'v=spf1 ip6:::1.1.1.1/0 -all' }), '2001:db8::1')).toBe(
    'pass',
  );
  expect(await resultOf(withRecords({ 'example.com': 'v=spf1 a/0 -all' }), '198.51.100.1')).toBe('pass');
  expect(await resultOf(withRecords({ 'example.com': 'v=spf1 a/0 -all' }), '2001:db8::1')).toBe('fail');
});
