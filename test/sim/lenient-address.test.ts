import { expect, test } from 'vitest';
import { isLenientAddress } from '../../src/sim/lenient-address.ts';

test.each([
  'ada',
  'ada@example.net',
  'ada@example.net.',
  'ada@other_domain.example',
  'ada@@example.net',
  'a..b@example.net',
  `${'a'.repeat(300)}@example.net`,
  'åsa@exämple.net',
  '"two words"@example.net',
  'ada@[192.0.2.1]',
  'ada@[IPv6:2001:db8::1]',
])('%s leads somewhere', (address) => {
  expect(isLenientAddress(address)).toBe(true);
});

test.each([
  '',
  '@example.net',
  'ada@',
  'two words@example.net',
  'ada@two words.example',
  'ada@example..net',
  'ada@-example.net',
  'ada@example-.net',
  'ada@[192.0.2]',
  `ada@${'a'.repeat(64)}.example`,
  'a"b@example.net',
])('%s leads nowhere', (address) => {
  expect(isLenientAddress(address)).toBe(false);
});
