import { expect, onTestFinished, test } from 'vitest';
import { Doors, NoDoorError } from '../../src/world/doors.ts';
import { startLab } from '../../src/world/start-lab.ts';
import { foreignAddress } from './foreign-address.ts';
import { hello, OutsideClient } from './outside-client.ts';

test('at one address ports follow each other, or are free ones', () => {
  const given = new Doors('127.0.0.1', 2525);
  expect([given.next(), given.next()]).toEqual([
    { address: '127.0.0.1', port: 2525 },
    { address: '127.0.0.1', port: 2526 },
  ]);
  const free = new Doors('::1', 0);
  expect([free.next(), free.next()]).toEqual([
    { address: '::1', port: 0 },
    { address: '::1', port: 0 },
  ]);
});

test('in a network each has an address of its own, and all the same port', () => {
  const doors = new Doors('127.0.1.0/24', 0);
  expect(doors.next()).toEqual({ address: '127.0.1.1', port: 0 });
  doors.opened(40_123);
  doors.opened(40_124); // the first counts
  expect([doors.next(), doors.next()]).toEqual([
    { address: '127.0.1.2', port: 40_123 },
    { address: '127.0.1.3', port: 40_123 },
  ]);
});

test('addresses go on behind 255, from wherever the network begins', () => {
  const doors = new Doors('127.7.3.200/8', 25);
  const addresses = Array.from({ length: 300 }, () => doors.next().address);
  expect([addresses[0], addresses[254], addresses[255], addresses[299]]).toEqual([
    '127.0.0.1',
    '127.0.0.255',
    '127.0.1.0',
    '127.0.1.44',
  ]);
});

test('a network that is too small is told', () => {
  const doors = new Doors('127.0.1.0/30', 25);
  expect([doors.next().address, doors.next().address, doors.next().address]).toEqual([
    '127.0.1.1',
    '127.0.1.2',
    '127.0.1.3',
  ]);
  expect(() => doors.next()).toThrow(
    new NoDoorError('the network 127.0.1.0 has no more than 3 addresses for hosts'),
  );
});

test.each(['', 'localhost', '127.0.0', '127.0.0.1/33', '127.0.0.0/x', '::1/64', '300.1.1.1'])(
  '%j is refused',
  (where) => {
    expect(() => new Doors(where, 0)).toThrow(TypeError);
  },
);

test('hosts in a network are led to by DNS, a refusing one to where nobody listens', async () => {
  const lab = await startLab(
    {
      hosts: {
        'mx1.example.net': 'accept-all',
        'mx2.example.net': { provider: 'accept-all', addresses: ['192.0.2.50', '2001:db8::50'] },
        'down.example.net': { absent: 'refused' },
        'lost.example.net': { absent: 'timed-out', addresses: ['192.0.2.99'] },
      },
      zone: {
        'mx2.example.net': { a: '192.0.2.50', aaaa: '2001:db8::50' },
        'mx1.example.net': { a: '192.0.2.1' },
        'www.example.net': { a: '192.0.2.77' },
        'alias.example.net': { cname: 'mx1.example.net' },
        'example.net': { mx: '10 mx1.example.net', txt: 'v=spf1 -all' },
        '192.0.2.1': { ptr: 'mx1.example.net' },
      },
    },
    { address: '127.0.9.0/24' },
  );
  onTestFinished(() => lab.close());
  const [first, second] = lab.hosts;
  expect(first?.address).toBe('127.0.9.1');
  expect(second).toMatchObject({ address: '127.0.9.2', port: first?.port });
  const { outsideResolver: dns } = lab;
  const addresses = async (name: string, family: 4 | 6 = 4): Promise<unknown> => {
    const found = await dns.addresses(name, family);
    return found.kind === 'found' ? found.records : found.kind;
  };
  expect({
    mx1: await addresses('mx1.example.net'),
    alias: await dns.addresses('alias.example.net', 4),
    mx2: await addresses('mx2.example.net'),
    'mx2 over IPv6': await addresses('mx2.example.net', 6),
    www: await addresses('www.example.net'),
    nobody: await addresses('nobody.example.net'),
    mx: await dns.mx('example.net'),
    txt: await dns.txt('example.net'),
    ptr: await dns.ptr('127.0.9.1'),
  }).toEqual({
    mx1: ['127.0.9.1'],
    alias: { kind: 'found', records: ['127.0.9.1'], canonical: 'mx1.example.net' },
    mx2: ['127.0.9.2'],
    'mx2 over IPv6': 'no-data',
    www: ['192.0.2.77'],
    nobody: 'no-such-domain',
    mx: { kind: 'found', records: [{ preference: 10, exchange: 'mx1.example.net' }] },
    txt: { kind: 'found', records: ['v=spf1 -all'] },
    ptr: { kind: 'found', records: ['mx1.example.net'] },
  });
  const client = await OutsideClient.to({ address: '127.0.9.2', port: first?.port ?? 0 });
  expect((await client.talk([hello]))[0]).toMatch(/^220 mx2\.example\.net/);
});

test('a host that refuses connections has an address of the network where nobody listens', async () => {
  const lab = await startLab(
    { hosts: { 'mx1.example.net': 'accept-all', 'down.example.net': { absent: 'refused' } } },
    { address: '127.0.8.0/24' },
  );
  onTestFinished(() => lab.close());
  const found = await lab.outsideResolver.addresses('down.example.net', 4);
  expect(found).toMatchObject({ kind: 'found', records: ['127.0.8.2'] });
  await expect(
    OutsideClient.to({ address: '127.0.8.2', port: lab.hosts[0]?.port ?? 0 }),
  ).rejects.toMatchObject({ code: 'ECONNREFUSED' });
});

test('at one address DNS leads to it, and its name is nobody else’s to tell', async () => {
  const lab = await startLab({ hosts: { 'mx1.example.net': 'accept-all', 'mx2.example.net': 'accept-all' } });
  onTestFinished(() => lab.close());
  expect(await lab.outsideResolver.addresses('mx2.example.net', 4)).toMatchObject({ records: ['127.0.0.1'] });
  expect(await lab.outsideResolver.ptr('127.0.0.1')).toMatchObject({ kind: 'no-such-domain' });
});

test('an address that is not of this machine is refused by the system', async () => {
  await expect(
    startLab({ hosts: { 'mx.example.net': 'accept-all' } }, { address: foreignAddress }),
  ).rejects.toMatchObject({ code: 'EADDRNOTAVAIL' });
});
