import { expect, test } from 'vitest';
import { canonicalName, reverseName } from '../../src/dns/name.ts';

test.each([
  ['Example.NET.', 'example.net'],
  ['bücher.Example', 'xn--bcher-kva.example'],
  ['_dmarc.Bücher.example', '_dmarc.xn--bcher-kva.example'],
  ['例え。テスト', 'xn--r8jz45g.xn--zckzah'],
  ['*.example.net', '*.example.net'],
  ['.', ''],
])('%s is compared as %s', (name, canonical) => {
  expect(canonicalName(name)).toBe(canonical);
});

test.each([
  ['192.0.2.1', '1.2.0.192.in-addr.arpa'],
  ['2001:db8::567:89ab', 'b.a.9.8.7.6.5.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa'], // RFC 5952 form
])('the name of %s is asked for as %s', (address, name) => {
  expect(reverseName(address)).toBe(name);
});
