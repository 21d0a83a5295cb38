import { expect, test } from 'vitest';
import { AddressPlan } from '../../src/world/address-plan.ts';

test('hosts get addresses for documentation, in order, and are exchangers of their parent domains', () => {
  const plan = new AddressPlan({
    hosts: { 'mx1.example.net': 'a', 'mx2.example.net': 'b', 'mx.example.org': 'c' },
  });
  expect(['mx1.example.net', 'mx2.example.net', 'mx.example.org'].map((name) => plan.of(name))).toEqual([
    ['192.0.2.1'],
    ['192.0.2.2'],
    ['192.0.2.3'],
  ]);
  expect(plan.zone['example.net']).toEqual({
    mx: [
      { preference: 10, exchange: 'mx1.example.net' },
      { preference: 20, exchange: 'mx2.example.net' },
    ],
  });
});

test('an address that somebody was given is nobody else’s', () => {
  const plan = new AddressPlan({
    hosts: {
      'a.example': 'x',
      'b.example': { provider: 'x', addresses: ['192.0.2.2'], proxy: false },
      'c.example': 'x',
    },
    zone: { 'www.example': { a: ['192.0.2.1'] } },
  });
  expect([plan.of('a.example'), plan.of('b.example'), plan.of('c.example')]).toEqual([
    ['192.0.2.3'],
    ['192.0.2.2'],
    ['192.0.2.4'],
  ]);
  expect(plan.vacant()).toEqual(['192.0.2.1']);
});

test('there are addresses for hundreds of hosts', () => {
  const names = Array.from({ length: 700 }, (_, i) => `mx${i}.example.net`);
  const plan = new AddressPlan({ hosts: Object.fromEntries(names.map((name) => [name, 'x'])) });
  const addresses = names.map((name) => plan.of(name)[0] ?? '');
  expect(new Set(addresses).size).toBe(700);
  expect(addresses.every((address) => address.split('.').every((part) => Number(part) < 256))).toBe(true);
});
