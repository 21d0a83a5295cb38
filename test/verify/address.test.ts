import { expect, test } from 'vitest';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { parseMailbox } from '../../src/smtp/mailbox.ts';
import { readAddress } from '../../src/verify/address.ts';
import { controlFor } from '../../src/verify/control-address.ts';
import { namedWait } from '../../src/verify/retrying.ts';

test.each([
  [' alice@Example.NET ', 'alice@example.net'],
  ['alice@münchen.example', 'alice@xn--mnchen-3ya.example'],
  ['jürgen@münchen.example', 'jürgen@xn--mnchen-3ya.example'],
  ['"a b"@example.net', '"a b"@example.net'],
  ['alice@[192.0.2.1]', 'alice@[192.0.2.1]'],
])('%s goes over the wire as %s', (text, wire) => {
  expect(readAddress(text)).toMatchObject({ wire });
});

test.each([
  'alice',
  '@example.net',
  'alice@',
  'alice@example.net\r\nRCPT TO:<bob@example.net>',
  'a\u0000b@example.net',
  `${'a'.repeat(65)}@example.net`,
  `alice@${'a'.repeat(64)}.example`,
  'alice@-.example',
  'ali ce@example.net',
  'alice@xn--\u0000.example',
])('%j is no address', (text) => {
  expect(readAddress(text)).toHaveProperty('fault');
});

test('a control is a mailbox shaped like the target, and never twice the same', () => {
  const random = seededRandom('controls');
  const names = Array.from({ length: 2_000 }, () => controlFor('john.smith', random));
  expect(new Set(names).size).toBe(2_000);
  for (const name of names) {
    expect(name).toMatch(/^[a-z]{14}\d{4}$/);
    expect(parseMailbox(`${name}@example.net`)).not.toHaveProperty('fault');
  }
  expect(controlFor('123456789', random)).toMatch(/^[1-9]\d{15}$/);
});

test.each([
  ['4.2.0 Greylisted, try again in 300 seconds', 300_000],
  ['Please wait 5 minutes', 300_000],
  ['come back in 1 hour', 3_600_000],
  ['try again later', undefined],
  ['blocked for 99999 hours', undefined],
])('%s names a wait of %s ms', (words, wait) => {
  expect(namedWait(words)).toBe(wait);
});
