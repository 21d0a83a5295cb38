import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { canonicalName } from '../../../src/dns/name.ts';
import type { Resolver } from '../../../src/dns/resolver.ts';
import type { ZoneRecords } from '../../../src/dns/zone.ts';
import { ZoneResolver } from '../../../src/dns/zone-resolver.ts';
import { VirtualClock } from '../../../src/time/virtual-clock.ts';
import { checkHost } from '../../../src/verify/spf/check-host.ts';

/** A record as the suite writes it; `TIMEOUT` stands for all that a name has no record of. */
type Written = 'TIMEOUT' | Readonly<Record<string, unknown>>;

interface Section {
  readonly description: string;
  readonly tests: Readonly<Record<string, Question>>;
  readonly zonedata: Readonly<Record<string, readonly Written[] | null>>;
}

interface Question {
  readonly helo: string;
  readonly host: string;
  readonly mailfrom?: string;
  readonly result: string | readonly string[];
}

const file = new URL('openspf/rfc7208-tests.yml', import.meta.url);
const sections = parseAllDocuments(readFileSync(file, 'latin1'), { version: '1.1' })
  .map((document) => document.toJS() as Section | null)
  .filter((section) => section !== null);

const plainly = (name: string): string => name.toLowerCase().replace(/\.$/, '');

/** Where a name has no TXT of its own, the suite's SPF records are to be published as such. */
function recordsOf(written: readonly Written[]): ZoneRecords {
  const all = written.flatMap((record) => (record === 'TIMEOUT' ? [] : Object.entries(record)));
  const of = <T>(type: string, read: (value: unknown) => T): T[] =>
    all.filter(([key, value]) => key === type && value !== 'NONE').map(([, value]) => read(value));
  const text = (value: unknown): string => [value].flat().join('');
  const hasText = all.some(([key]) => key === 'TXT');
  const [cname] = of('CNAME', text);
  if (cname !== undefined) return { cname };
  return {
    a: of('A', text),
    aaaa: of('AAAA', text),
    mx: of('MX', (value) => {
      const [preference, exchange] = value as [number, string];
      return { preference, exchange: plainly(exchange) };
    }),
    ptr: of('PTR', text),
    txt: of(hasText ? 'TXT' : 'SPF', text),
  };
}

function resolverOf(zonedata: Section['zonedata']): Resolver {
  const names = Object.entries(zonedata).map(([name, written]) => [plainly(name), written ?? []] as const);
  const zone = Object.fromEntries(names.map(([name, written]) => [name, recordsOf(written)]));
  const known = new ZoneResolver(zone, new VirtualClock());
  const late = new Set(
    names.filter(([, written]) => written.some(isLate)).map(([name]) => canonicalName(name)),
  );
  const outOfTime = { kind: 'failed', why: 'timeout', detail: 'no answer' } as const;
  const ask = async <T extends { readonly kind: string }>(name: string, found: Promise<T>) => {
    const answer = await found;
    return answer.kind === 'no-data' && late.has(canonicalName(name)) ? outOfTime : answer;
  };
  return {
    mx: (domain) => ask(domain, known.mx(domain)),
    addresses: (host, family) => ask(host, known.addresses(host, family)),
    txt: (domain) => ask(domain, known.txt(domain)),
    ptr: (address) => known.ptr(address),
  };
}

const isLate = (record: Written): boolean => record === 'TIMEOUT' || 'TIMEOUT' in record;

test('the suite is whole', () => {
  expect(sections.reduce((sum, { tests }) => sum + Object.keys(tests).length, 0)).toBe(203);
});

describe.each(sections)('$description', ({ tests, zonedata }) => {
  test.each(Object.entries(tests))('%s', async (_, { helo, host, mailfrom = '', result }) => {
    const sender = mailfrom === '' ? `postmaster@${helo}` : mailfrom;
    const domain = sender.slice(sender.lastIndexOf('@') + 1);
    const found = await checkHost(resolverOf(zonedata), { ip: host, domain, sender, helo });
    expect([result].flat()).toContain(found.result);
  });
});
