import { afterEach, describe, expect, test } from 'vitest';
import { findExchangers } from '../../src/dns/exchangers.ts';
import { SystemResolver } from '../../src/dns/system-resolver.ts';
import {
  type NameServerAnswer,
  type NameServerRecord,
  type RecordType,
  startNameServer,
} from './udp-name-server.ts';

const open: { close(): Promise<void> }[] = [];
afterEach(() => Promise.all(open.splice(0).map((server) => server.close())));

const records: readonly NameServerRecord[] = [
  { name: 'example.net', type: 'MX', data: '20 mx2.example.net' },
  { name: 'example.net', type: 'MX', data: '10 mx1.example.net' },
  { name: 'example.net', type: 'TXT', data: ['v=spf1 ', '-all'] },
  { name: 'mx1.example.net', type: 'A', data: '192.0.2.1' },
  { name: 'mx1.example.net', type: 'A', data: '192.0.2.2' },
  { name: 'mx2.example.net', type: 'AAAA', data: '2001:db8::2' },
  { name: 'alias.example.net', type: 'CNAME', data: 'second.example.net' },
  { name: 'second.example.net', type: 'CNAME', data: 'mx1.example.net' },
  { name: 'null.example', type: 'MX', data: '0 ' },
  { name: 'xn--bcher-kva.example', type: 'A', data: '192.0.2.9' },
  { name: '1.2.0.192.in-addr.arpa', type: 'PTR', data: 'mx1.example.net' },
];

/** Answers as an honest server that follows aliases itself. */
function honest(name: string, type: RecordType): NameServerAnswer {
  if (name in troubles) return troubles[name] ?? 'silence';
  const found: NameServerRecord[] = [];
  let at = name;
  for (let alias = aliasAt(at); alias && type !== 'CNAME'; alias = aliasAt(at)) {
    found.push(alias);
    at = String(alias.data);
  }
  found.push(...records.filter((record) => record.name === at && record.type === type));
  const exists = records.some((record) => record.name === at);
  return { code: exists ? 'ok' : 'nxdomain', records: found };
}

const aliasAt = (name: string): NameServerRecord | undefined =>
  records.find((record) => record.name === name && record.type === 'CNAME');

const troubles: Record<string, NameServerAnswer> = {
  'servfail.example': { code: 'servfail' },
  'refused.example': { code: 'refused' },
  'notimp.example': { code: 'notimp' },
  'silent.example': 'silence',
  'garbage.example': { garbage: Buffer.from('818000010001000000000000', 'hex') },
};

async function resolver() {
  const server = await startNameServer(honest);
  open.push(server);
  return {
    dns: new SystemResolver({ servers: [server.server], timeout: 50, tries: 1 }),
    asked: server.asked,
  };
}

describe("the system's resolver, against a real name server", () => {
  test('gives MX records with their preferences', async () => {
    const { dns } = await resolver();
    const found = await dns.mx('example.net');
    expect(found.kind === 'found' && [...found.records].sort((a, b) => a.preference - b.preference)).toEqual([
      { preference: 10, exchange: 'mx1.example.net' },
      { preference: 20, exchange: 'mx2.example.net' },
    ]);
  });

  test('gives addresses of one family, and texts whose pieces are joined', async () => {
    const { dns } = await resolver();
    const found = await dns.addresses('MX1.example.net.', 4);
    expect(found.kind === 'found' && [...found.records].sort()).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(await dns.addresses('mx2.example.net', 6)).toEqual({ kind: 'found', records: ['2001:db8::2'] });
    expect(await dns.txt('example.net')).toEqual({ kind: 'found', records: ['v=spf1 -all'] });
  });

  test('gives the names of an address', async () => {
    const { dns, asked } = await resolver();
    expect(await dns.ptr('192.0.2.1')).toEqual({ kind: 'found', records: ['mx1.example.net'] });
    expect(asked.map((question) => question.toLowerCase())).toEqual(['ptr 1.2.0.192.in-addr.arpa']);
  });

  test('DNS-01: tells NXDOMAIN, no data, SERVFAIL and the other failures apart', async () => {
    const { dns } = await resolver();
    expect(await dns.mx('nowhere.example')).toEqual({ kind: 'no-such-domain' });
    expect(await dns.mx('mx1.example.net')).toEqual({ kind: 'no-data' });
    expect(await dns.mx('servfail.example')).toMatchObject({ kind: 'failed', why: 'servfail' });
    expect(await dns.mx('refused.example')).toMatchObject({ kind: 'failed', why: 'refused' });
    expect(await dns.mx('notimp.example')).toMatchObject({ kind: 'failed', why: 'bad-reply' });
  });

  test('DNS-01: tells silence and nonsense from an answer', async () => {
    const { dns } = await resolver();
    expect(await dns.mx('silent.example')).toMatchObject({ kind: 'failed', why: 'timeout' });
    expect(await dns.mx('garbage.example')).toMatchObject({ kind: 'failed' });
  });

  test('a name that breaks the rules for names does not exist', async () => {
    const { dns } = await resolver();
    expect(await dns.mx(`${'x'.repeat(64)}.example`)).toEqual({ kind: 'no-such-domain' });
    expect(await dns.mx('a..example')).toEqual({ kind: 'no-such-domain' });
  });

  test('nobody at the address of the name server is no answer', async () => {
    const gone = await startNameServer(honest);
    await gone.close();
    const dns = new SystemResolver({ servers: [gone.server], timeout: 50, tries: 1 });
    expect(await dns.mx('example.net')).toMatchObject({ kind: 'failed', why: 'timeout' });
  });

  test('DNS-07: tells that a host is an alias, and of what', async () => {
    const { dns } = await resolver();
    expect(await dns.addresses('alias.example.net', 4)).toMatchObject({
      kind: 'found',
      canonical: 'mx1.example.net',
    });
  });

  test('DNS-09: a null MX is an MX to the root', async () => {
    const { dns } = await resolver();
    expect(await dns.mx('null.example')).toEqual({
      kind: 'found',
      records: [{ preference: 0, exchange: '' }],
    });
    expect(await findExchangers(dns, 'null.example', () => 0)).toEqual({ kind: 'null-mx' });
  });

  test('DNS-16: asks for a name as it stands, without a search list, and by its A-labels', async () => {
    const { dns, asked } = await resolver();
    expect(await dns.mx('localpart')).toEqual({ kind: 'no-such-domain' });
    expect(await dns.addresses('BÜCHER.example', 4)).toMatchObject({ kind: 'found', records: ['192.0.2.9'] });
    expect(new Set(asked.map((question) => question.toLowerCase()))).toEqual(
      new Set(['mx localpart', 'a xn--bcher-kva.example', 'cname xn--bcher-kva.example']),
    );
  });

  test('localhost is loopback, and no name server hears of it', async () => {
    const { dns, asked } = await resolver();
    expect(await dns.addresses('localhost', 4)).toEqual({ kind: 'found', records: ['127.0.0.1'] });
    expect(await dns.addresses('mx.localhost.', 6)).toEqual({ kind: 'found', records: ['::1'] });
    expect(asked).toEqual([]);
  });

  test('finds the exchangers of a domain', async () => {
    const { dns } = await resolver();
    expect(await findExchangers(dns, 'example.net', () => 0)).toMatchObject({
      kind: 'found',
      exchangers: [{ host: 'mx1.example.net' }, { host: 'mx2.example.net', addresses: ['2001:db8::2'] }],
      warnings: [],
    });
  });
});
