import { expect, test } from 'vitest';
import { redactAddress } from '../../../src/report/verify/redact.ts';

test.each([
  ['alice@example.net', '***@example.net'],
  ['"a b"@example.net', '***@example.net'],
  ['alice@[IPv6:2001:db8::1]', '***@[IPv6:2001:db8::1]'],
  ['alice@münchen.example', '***@münchen.example'],
  ['alice', '***'],
  ['a@example.net Bob Miller', '***'],
  ['a@example.net,bob', '***'],
  ['<alice@example.net>', '***'],
])('%s is shown as %s', (address, shown) => {
  expect(redactAddress(address)).toBe(shown);
});
