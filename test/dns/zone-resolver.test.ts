import { describe, expect, test } from 'vitest';
import type { Lookup } from '../../src/dns/resolver.ts';
import type { Zone } from '../../src/dns/zone.ts';
import { ZoneResolver } from '../../src/dns/zone-resolver.ts';
import { minutes, seconds } from '../../src/time/duration.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';

function resolver(zone: Zone, clock = new VirtualClock()) {
  return new ZoneResolver(zone, clock);
}

/** The records found, or the kind of answer. */
function brief<T>(lookup: Lookup<T>): readonly T[] | string {
  if (lookup.kind === 'failed') return lookup.why;
  return lookup.kind === 'found' ? lookup.records : lookup.kind;
}

describe('a zone', () => {
  const zone: Zone = {
    'Example.NET.': { mx: [{ preference: 10, exchange: 'mx1.example.net' }], txt: ['v=spf1 -all'] },
    'mx1.example.net': { a: ['192.0.2.2', '192.0.2.1'], aaaa: ['2001:db8::1'] },
    'deep.below.example.net': { a: ['192.0.2.3'] },
    'bücher.example': { a: ['192.0.2.4'] },
    'nothing.example.net': {},
    '192.0.2.1': { ptr: ['mx1.example.net'] },
    '2001:db8::1': { ptr: ['mx1.example.net'] },
    '2.2.0.192.in-addr.arpa': { ptr: ['mx2.example.net', 'mx3.example.net'] },
  };
  const dns = resolver(zone);

  test('answers with its records, in its order', async () => {
    expect(await dns.mx('example.net')).toEqual({
      kind: 'found',
      records: [{ preference: 10, exchange: 'mx1.example.net' }],
    });
    expect(await dns.addresses('mx1.example.net', 4)).toEqual({
      kind: 'found',
      records: ['192.0.2.2', '192.0.2.1'],
    });
    expect(brief(await dns.addresses('mx1.example.net', 6))).toEqual(['2001:db8::1']);
    expect(brief(await dns.txt('example.net'))).toEqual(['v=spf1 -all']);
  });

  test('minds neither capitals nor a trailing dot', async () => {
    expect(brief(await dns.txt('EXAMPLE.net'))).toEqual(['v=spf1 -all']);
    expect(brief(await dns.txt('example.net.'))).toEqual(['v=spf1 -all']);
  });

  test('takes non-ASCII names for their A-labels', async () => {
    for (const name of ['bücher.example', 'BÜCHER.example', 'xn--bcher-kva.example', 'bücher。example']) {
      expect(brief(await dns.addresses(name, 4))).toEqual(['192.0.2.4']);
    }
  });

  test('tells a name without such records from one that does not exist', async () => {
    expect(brief(await dns.mx('mx1.example.net'))).toBe('no-data');
    expect(brief(await dns.mx('nothing.example.net'))).toBe('no-data');
    expect(brief(await dns.mx('none.example.net'))).toBe('no-such-domain');
    expect(brief(await dns.mx('example'))).toBe('no-data');
  });

  test('has a name above every name, if only as an empty one', async () => {
    expect(brief(await dns.addresses('below.example.net', 4))).toBe('no-data');
  });

  test('DNS-16: completes no name', async () => {
    expect(brief(await dns.addresses('mx1', 4))).toBe('no-such-domain');
  });

  test('names addresses, written as such or the long way', async () => {
    expect(brief(await dns.ptr('192.0.2.1'))).toEqual(['mx1.example.net']);
    expect(brief(await dns.ptr('192.0.2.2'))).toEqual(['mx2.example.net', 'mx3.example.net']);
    expect(brief(await dns.ptr('2001:DB8:0:0::1'))).toEqual(['mx1.example.net']);
    expect(brief(await dns.ptr('192.0.2.9'))).toBe('no-such-domain');
  });
});

describe('an alias', () => {
  const chain = (length: number): Zone => ({
    ...Object.fromEntries(
      Array.from({ length }, (_, i) => [`c${i}.example`, { cname: `c${i + 1}.example` }]),
    ),
    [`c${length}.example`]: { a: ['192.0.2.1'] },
  });

  test('is followed, and where it led is told', async () => {
    const dns = resolver(chain(2));
    expect(await dns.addresses('c0.example', 4)).toEqual({
      kind: 'found',
      records: ['192.0.2.1'],
      canonical: 'c2.example',
    });
    expect(brief(await dns.mx('c0.example'))).toBe('no-data');
  });

  test('is followed eight times and no more', async () => {
    expect(brief(await resolver(chain(8)).addresses('c0.example', 4))).toEqual(['192.0.2.1']);
    expect(brief(await resolver(chain(9)).addresses('c0.example', 4))).toBe('servfail');
  });

  test('in a circle is a failure', async () => {
    const dns = resolver({ 'a.example': { cname: 'b.example' }, 'b.example': { cname: 'A.example.' } });
    expect(await dns.mx('a.example')).toEqual({
      kind: 'failed',
      why: 'servfail',
      detail: 'the aliases of a.example lead in a circle or too far',
    });
  });

  test('to a name that is not there leads nowhere', async () => {
    expect(brief(await resolver({ 'a.example': { cname: 'gone.example' } }).mx('a.example'))).toBe(
      'no-such-domain',
    );
  });
});

describe('a wildcard (RFC 4592)', () => {
  const dns = resolver({
    '*.example.net': { a: ['192.0.2.1'] },
    'own.example.net': { txt: ['mine'] },
    'x.sub.example.net': { a: ['192.0.2.2'] },
    '*.alias.example': { cname: 'own.example.net' },
  });

  test('stands for every name below that is not there, however deep', async () => {
    expect(brief(await dns.addresses('any.example.net', 4))).toEqual(['192.0.2.1']);
    expect(brief(await dns.addresses('any.other.example.net', 4))).toEqual(['192.0.2.1']);
    expect(brief(await dns.txt('any.example.net'))).toBe('no-data');
  });

  test('not for the name it stands under', async () => {
    expect(brief(await dns.addresses('example.net', 4))).toBe('no-data');
  });

  test('not for names that are there, even without such records, nor for those below them', async () => {
    expect(brief(await dns.addresses('own.example.net', 4))).toBe('no-data');
    expect(brief(await dns.addresses('any.own.example.net', 4))).toBe('no-such-domain');
    expect(brief(await dns.addresses('sub.example.net', 4))).toBe('no-data');
    expect(brief(await dns.addresses('y.sub.example.net', 4))).toBe('no-such-domain');
  });

  test('may be an alias', async () => {
    expect(await dns.txt('a.alias.example')).toEqual({
      kind: 'found',
      records: ['mine'],
      canonical: 'own.example.net',
    });
  });
});

describe('trouble', () => {
  const zone: Zone = {
    'servfail.example': { fails: 'servfail', a: ['192.0.2.1'] },
    'refused.example': { fails: 'refused' },
    'gone.example': { fails: 'nxdomain' },
    'silent.example': { fails: 'timeout' },
    'slow.example': { slow: seconds(4), a: ['192.0.2.1'] },
    'slower.example': { slow: minutes(4), a: ['192.0.2.1'] },
    'slow-servfail.example': { slow: seconds(3), fails: 'servfail' },
    'alias.example': { slow: seconds(4), cname: 'slow.example' },
    'late.example': { slow: seconds(7), cname: 'slow.example' },
  };

  test.each([
    ['servfail.example', 'servfail', 0],
    ['refused.example', 'refused', 0],
    ['gone.example', 'no-such-domain', 0],
    ['silent.example', 'timeout', 10],
    ['slow.example', ['192.0.2.1'], 4],
    ['slower.example', 'timeout', 10],
    ['slow-servfail.example', 'servfail', 3],
    ['alias.example', ['192.0.2.1'], 8],
    ['late.example', 'timeout', 10],
  ])('%s: %s after %d simulated seconds', async (name, answer, after) => {
    const clock = new VirtualClock();
    const started = clock.now();
    expect(brief(await resolver(zone, clock).addresses(name, 4))).toEqual(answer);
    expect(clock.now() - started).toBe(seconds(after));
  });

  test('is said in words', async () => {
    expect(await resolver(zone).txt('silent.example')).toMatchObject({
      detail: 'no answer about silent.example within 10 s',
    });
    expect(await resolver(zone).txt('servfail.example')).toMatchObject({
      detail: expect.stringContaining('SERVFAIL'),
    });
  });

  test('ends with the patience given', async () => {
    const clock = new VirtualClock();
    const started = clock.now();
    await new ZoneResolver(zone, clock, seconds(2)).mx('silent.example');
    expect(clock.now() - started).toBe(seconds(2));
  });
});
