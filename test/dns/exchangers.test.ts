import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { type ExchangerOptions, type ExchangerSearch, findExchangers } from '../../src/dns/exchangers.ts';
import type { Resolver } from '../../src/dns/resolver.ts';
import type { Zone } from '../../src/dns/zone.ts';
import { ZoneResolver } from '../../src/dns/zone-resolver.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';

const mx = (preference: number, exchange: string) => ({ preference, exchange });

const hosts: Zone = {
  'mx1.example.net': { a: ['192.0.2.1'] },
  'mx2.example.net': { a: ['192.0.2.2'] },
  'mx3.example.net': { a: ['192.0.2.3'] },
  'six.example.net': { aaaa: ['2001:db8::6'] },
  'both.example.net': { a: ['192.0.2.5', '192.0.2.4'], aaaa: ['2001:db8::5', '2001:db8::4'] },
  'alias.example.net': { cname: 'mx1.example.net' },
};

function find(
  zone: Zone,
  domain: string,
  options?: ExchangerOptions,
  random = () => 0.5,
): Promise<ExchangerSearch> {
  return findExchangers(new ZoneResolver({ ...hosts, ...zone }, new VirtualClock()), domain, random, options);
}

function names(search: ExchangerSearch): string[] {
  return search.kind === 'found' ? search.exchangers.map(({ host }) => host) : [search.kind];
}

/** Notes every question, so that a test can tell what was never asked. */
function noting(resolver: Resolver): { resolver: Resolver; asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    resolver: {
      mx(domain) {
        asked.push(`MX ${domain}`);
        return resolver.mx(domain);
      },
      addresses(host, family) {
        asked.push(`${family === 4 ? 'A' : 'AAAA'} ${host}`);
        return resolver.addresses(host, family);
      },
      txt: (domain) => resolver.txt(domain),
      ptr: (address) => resolver.ptr(address),
    },
  };
}

describe('DNS-01: MX first', () => {
  test('a domain that does not exist is an answer', async () => {
    expect(await find({}, 'nowhere.example')).toEqual({ kind: 'no-such-domain' });
  });

  test.each(['servfail', 'refused', 'timeout'] as const)('%s is trouble, not an answer', async (fails) => {
    expect(await find({ 'a.example': { fails, a: ['192.0.2.1'] } }, 'a.example')).toMatchObject({
      kind: 'dns-trouble',
      why: fails,
    });
  });

  test('the address of the domain is not asked for when there is an MX', async () => {
    const zone = { ...hosts, 'a.example': { mx: [mx(10, 'mx1.example.net')], a: ['192.0.2.99'] } };
    const { resolver, asked } = noting(new ZoneResolver(zone, new VirtualClock()));
    expect(await findExchangers(resolver, 'a.example', () => 0)).toEqual({
      kind: 'found',
      implicit: false,
      warnings: [],
      exchangers: [{ host: 'mx1.example.net', preference: 10, addresses: ['192.0.2.1'] }],
    });
    expect(asked).toEqual(['MX a.example', 'A mx1.example.net', 'AAAA mx1.example.net']);
  });

  test('addresses that could not be looked up are trouble when no other exchanger is left', async () => {
    const records = {
      'a.example': { mx: [mx(10, 'x.example'), mx(20, 'mx1.example.net')] },
      'x.example': { fails: 'servfail' as const },
    };
    expect(await find(records, 'a.example')).toMatchObject({
      kind: 'found',
      exchangers: [{ host: 'mx1.example.net' }],
      warnings: ['DNS-01: not every address of x.example could be looked up (servfail)'],
    });
    expect(await find({ ...records, 'a.example': { mx: [mx(10, 'x.example')] } }, 'a.example')).toMatchObject(
      {
        kind: 'dns-trouble',
        why: 'servfail',
      },
    );
  });
});

describe('DNS-02: order', () => {
  const zone: Zone = {
    'a.example': { mx: [mx(20, 'mx3.example.net'), mx(10, 'mx2.example.net'), mx(10, 'mx1.example.net')] },
  };

  test('lowest preference first', async () => {
    expect(names(await find(zone, 'a.example')).at(-1)).toBe('mx3.example.net');
  });

  test('equal preferences take turns by chance, worse ones never come first', async () => {
    const random = seededRandom('turns');
    const first = new Map<string, number>();
    for (let i = 0; i < 200; i++) {
      const order = names(await find(zone, 'a.example', {}, random));
      expect(order.at(-1)).toBe('mx3.example.net');
      first.set(order[0] ?? '', (first.get(order[0] ?? '') ?? 0) + 1);
    }
    expect([...first.keys()].sort()).toEqual(['mx1.example.net', 'mx2.example.net']);
    expect(Math.min(...first.values())).toBeGreaterThan(70);
  });

  test('every order of four equal hosts comes up about as often', async () => {
    const four: Zone = {
      'a.example': { mx: ['mx1', 'mx2', 'mx3', 'six'].map((host) => mx(10, `${host}.example.net`)) },
    };
    const random = seededRandom('orders');
    const orders = new Map<string, number>();
    for (let i = 0; i < 2400; i++) {
      const order = names(await find(four, 'a.example', {}, random)).join(' ');
      orders.set(order, (orders.get(order) ?? 0) + 1);
    }
    expect(orders.size).toBe(24);
    expect(Math.min(...orders.values())).toBeGreaterThan(50);
    expect(Math.max(...orders.values())).toBeLessThan(160);
  });

  test('the same chance gives the same order', async () => {
    const once = names(await find(zone, 'a.example', {}, seededRandom(7)));
    expect(names(await find(zone, 'a.example', {}, seededRandom(7)))).toEqual(once);
  });

  test('a host named twice counts once, where it is preferred most', async () => {
    const twice: Zone = {
      'a.example': { mx: [mx(30, 'MX1.example.net'), mx(20, 'mx2.example.net'), mx(10, 'mx1.example.net.')] },
    };
    expect(names(await find(twice, 'a.example'))).toEqual(['mx1.example.net', 'mx2.example.net']);
  });

  test('a zone with a thousand exchangers makes us ask about fifty', async () => {
    const many: Zone = {
      'a.example': { mx: Array.from({ length: 1000 }, (_, i) => mx(i, `m${i}.example`)) },
      '*.example': { a: ['192.0.2.1'] },
    };
    const { resolver, asked } = noting(new ZoneResolver(many, new VirtualClock()));
    const search = await findExchangers(resolver, 'a.example', () => 0);
    expect(asked).toHaveLength(101);
    expect(names(search)).toHaveLength(50);
    expect(search).toMatchObject({
      warnings: ['DNS-02: of 1000 exchangers only the first 50 were looked at'],
    });
  });
});

test('DNS-03: every address of a host is kept, in the order of the answer', async () => {
  const search = await find({ 'a.example': { mx: [mx(10, 'both.example.net')] } }, 'a.example');
  expect(search).toMatchObject({
    exchangers: [{ addresses: ['192.0.2.5', '192.0.2.4', '2001:db8::5', '2001:db8::4'] }],
  });
});

describe('DNS-04: implicit MX', () => {
  test('a domain with an address and no MX is its own exchanger at preference 0', async () => {
    expect(await find({ 'a.example': { a: ['192.0.2.1'] } }, 'A.example.')).toEqual({
      kind: 'found',
      implicit: true,
      warnings: [],
      exchangers: [{ host: 'a.example', preference: 0, addresses: ['192.0.2.1'] }],
    });
  });

  test('an IPv6 address will do', async () => {
    expect(await find({ 'a.example': { aaaa: ['2001:db8::1'] } }, 'a.example')).toMatchObject({
      kind: 'found',
      implicit: true,
    });
  });

  test('without any address there is no mail host', async () => {
    expect(await find({ 'a.example': { txt: ['hello'] } }, 'a.example')).toEqual({ kind: 'no-mail-host' });
    expect(await find({ 'a.example': { mx: [] } }, 'a.example')).toEqual({ kind: 'no-mail-host' });
  });

  test('only for an empty answer, never for a failed one', async () => {
    const failing: Resolver = {
      ...noting(new ZoneResolver({ 'a.example': { a: ['192.0.2.1'] } }, new VirtualClock())).resolver,
      mx: async () => ({ kind: 'failed', why: 'servfail', detail: 'x' }),
    };
    expect(await findExchangers(failing, 'a.example', () => 0)).toEqual({
      kind: 'dns-trouble',
      why: 'servfail',
      detail: 'x',
    });
  });

  test('trouble with the address is trouble', async () => {
    const failing: Resolver = {
      ...noting(new ZoneResolver({ 'a.example': {} }, new VirtualClock())).resolver,
      addresses: async () => ({ kind: 'failed', why: 'timeout', detail: 'x' }),
    };
    expect(await findExchangers(failing, 'a.example', () => 0)).toMatchObject({
      kind: 'dns-trouble',
      why: 'timeout',
    });
  });
});

test('DNS-05: behind MX the address of the domain is no safety net', async () => {
  const zone: Zone = { 'a.example': { mx: [mx(10, 'dead.example')], a: ['192.0.2.99'] } };
  expect(await find(zone, 'a.example')).toEqual({
    kind: 'no-usable-address',
    hosts: ['dead.example'],
    warnings: ['DNS-08: the MX names dead.example, which does not exist'],
  });
});

describe('DNS-06: CNAME at the domain', () => {
  test('the MX at its end is used, without a warning', async () => {
    const zone: Zone = {
      'a.example': { cname: 'real.example' },
      'real.example': { mx: [mx(10, 'mx1.example.net')] },
    };
    expect(await find(zone, 'a.example')).toMatchObject({
      kind: 'found',
      exchangers: [{ host: 'mx1.example.net' }],
      warnings: [],
    });
  });

  test('so is the address there when it has no MX', async () => {
    const zone: Zone = { 'a.example': { cname: 'real.example' }, 'real.example': { a: ['192.0.2.1'] } };
    expect(await find(zone, 'a.example')).toMatchObject({ kind: 'found', implicit: true, warnings: [] });
  });
});

test('DNS-07: an MX that names an alias is followed, with a warning', async () => {
  const zone: Zone = { 'a.example': { mx: [mx(10, 'alias.example.net')] } };
  expect(await find(zone, 'a.example')).toEqual({
    kind: 'found',
    implicit: false,
    exchangers: [{ host: 'alias.example.net', preference: 10, addresses: ['192.0.2.1'] }],
    warnings: [
      'DNS-07: the MX names alias.example.net, an alias of mx1.example.net; it was followed all the same',
    ],
  });
});

describe('DNS-08: an MX must name a host', () => {
  test.each(['192.0.2.1', '192.0.2.1.', '2001:db8::1'])('the address %s is not used', async (target) => {
    const zone: Zone = { 'a.example': { mx: [mx(10, target)] } };
    const { resolver, asked } = noting(new ZoneResolver(zone, new VirtualClock()));
    const address = target.replace(/\.$/, '');
    expect(await findExchangers(resolver, 'a.example', () => 0)).toEqual({
      kind: 'no-usable-address',
      hosts: [address],
      warnings: [`DNS-08: the MX names the address ${address} where a host name belongs; it is not used`],
    });
    expect(asked).toEqual(['MX a.example']);
  });

  test('a host without address is kept out, the others are used', async () => {
    const zone: Zone = {
      'a.example': { mx: [mx(5, 'empty.example'), mx(6, 'gone.example'), mx(10, 'mx1.example.net')] },
      'empty.example': { txt: ['no address'] },
    };
    expect(await find(zone, 'a.example')).toMatchObject({
      kind: 'found',
      exchangers: [{ host: 'mx1.example.net' }],
      warnings: [
        'DNS-08: the MX names empty.example, which has no address',
        'DNS-08: the MX names gone.example, which does not exist',
      ],
    });
  });
});

test('DNS-09: a null MX ends the search without a question about addresses', async () => {
  const zone: Zone = { 'a.example': { mx: [mx(0, '')], a: ['192.0.2.1'] } };
  const { resolver, asked } = noting(new ZoneResolver(zone, new VirtualClock()));
  expect(await findExchangers(resolver, 'a.example', () => 0)).toEqual({ kind: 'null-mx' });
  expect(asked).toEqual(['MX a.example']);
});

test('DNS-10: a null MX beside others is left out, with a warning', async () => {
  const zone: Zone = { 'a.example': { mx: [mx(0, ''), mx(10, 'mx1.example.net')] } };
  expect(await find(zone, 'a.example')).toMatchObject({
    kind: 'found',
    exchangers: [{ host: 'mx1.example.net' }],
    warnings: ['DNS-10: a null MX stands beside other MX records; it was left out'],
  });
});

describe('DNS-12: IPv4 and IPv6', () => {
  const zone: Zone = {
    'a.example': { mx: [mx(10, 'both.example.net')] },
    'six.example': { mx: [mx(10, 'six.example.net')] },
  };

  test('the order of families can be chosen', async () => {
    expect(await find(zone, 'a.example', { families: [6, 4] })).toMatchObject({
      exchangers: [{ addresses: ['2001:db8::5', '2001:db8::4', '192.0.2.5', '192.0.2.4'] }],
    });
    expect(await find(zone, 'a.example', { families: [6] })).toMatchObject({
      exchangers: [{ addresses: ['2001:db8::5', '2001:db8::4'] }],
    });
  });

  test('an exchanger with IPv6 only is one', async () => {
    expect(await find(zone, 'six.example')).toMatchObject({ kind: 'found', warnings: [] });
  });

  test('to a client without IPv6 it is out of reach, which is not the same as not there', async () => {
    expect(await find(zone, 'six.example', { families: [4] })).toEqual({
      kind: 'no-usable-address',
      hosts: ['six.example.net'],
      warnings: ['DNS-12: six.example.net has addresses only of a kind that is not used here'],
    });
    expect(
      await find({ 'own.example': { aaaa: ['2001:db8::1'] } }, 'own.example', { families: [4] }),
    ).toMatchObject({
      kind: 'no-usable-address',
      hosts: ['own.example'],
    });
  });
});

describe('an address literal', () => {
  test.each([
    ['[192.0.2.1]', '192.0.2.1'],
    ['[IPv6:2001:db8::1]', '2001:db8::1'],
    ['[ipv6:2001:db8::1]', '2001:db8::1'],
  ])('%s is its own host, without any question', async (literal, address) => {
    const { resolver, asked } = noting(new ZoneResolver({}, new VirtualClock()));
    expect(await findExchangers(resolver, literal, () => 0)).toEqual({
      kind: 'found',
      implicit: false,
      warnings: [],
      exchangers: [{ host: literal, preference: 0, addresses: [address] }],
    });
    expect(asked).toEqual([]);
  });

  test('of a family that is not used is out of reach', async () => {
    expect(await find({}, '[IPv6:2001:db8::1]', { families: [4] })).toMatchObject({
      kind: 'no-usable-address',
    });
  });

  test('that is malformed is no domain', async () => {
    expect(await find({}, '[192.0.2.256]')).toEqual({ kind: 'no-such-domain' });
  });
});

test('DNS-16: a single label is looked up as it stands', async () => {
  const { resolver, asked } = noting(new ZoneResolver({ mx1: { a: ['192.0.2.1'] } }, new VirtualClock()));
  expect(names(await findExchangers(resolver, 'mx1', () => 0))).toEqual(['mx1']);
  expect(asked).toEqual(['MX mx1', 'A mx1', 'AAAA mx1']);
});

test('an internationalised domain is looked up by its A-labels', async () => {
  const zone: Zone = {
    'bücher.example': { mx: [mx(10, 'post.bücher.example')] },
    'post.bücher.example': { a: ['192.0.2.1'] },
  };
  expect(names(await find(zone, 'BÜCHER.example'))).toEqual(['post.xn--bcher-kva.example']);
});
