import { expect, test } from 'vitest';
import { isAddressLiteral, needsSmtpUtf8, parseMailbox } from '../../src/smtp/mailbox.ts';

const good = {
  'ada@example.net': ['ada', 'example.net'],
  'Ada.Love+lace@Example.NET': ['Ada.Love+lace', 'Example.NET'],
  "!#$%&'*+-/=?^_`{|}~@example.net": ["!#$%&'*+-/=?^_`{|}~", 'example.net'],
  '"joe blow"@example.net': ['"joe blow"', 'example.net'],
  '"a@b\\"c"@example.net': ['"a@b\\"c"', 'example.net'],
  'a@[192.0.2.1]': ['a', '[192.0.2.1]'],
  'a@[IPv6:2001:db8::1]': ['a', '[IPv6:2001:db8::1]'],
  'дед@почта.example': ['дед', 'почта.example'],
  'a@localhost': ['a', 'localhost'],
  'a@xn--bcher-kva.example': ['a', 'xn--bcher-kva.example'],
} as const;

for (const [address, [local, domain]] of Object.entries(good)) {
  test(`SYN-16 SYN-17 ${address}`, () => expect(parseMailbox(address)).toEqual({ local, domain }));
}

const bad = [
  '',
  'a',
  '@',
  'a@',
  '@b',
  'a b@c',
  '.a@b',
  'a.@b',
  'a..b@c',
  'a@b_c',
  'a@-b',
  'a@b-',
  'a@b..c',
  'a@b.',
  'a,b@c',
  '<a@b>',
  '@r:a@b',
  '"a@b',
  '"a"b@c',
  'a@[192.0.2.300]',
  'a@[2001:db8::1]',
  'a@[IPv6:192.0.2.1]',
  'a@b c',
  'a\r\n@b',
  'a@b\r\nRSET',
  'a\0@b',
  '"a\nb"@c',
  'a\x7f@b',
  'a@b\u202e',
];

for (const address of bad) {
  test(`SYN-08 SYN-14 ${JSON.stringify(address)} is none`, () =>
    expect(parseMailbox(address)).toHaveProperty('fault'));
}

test('SYN-09 lengths are counted in octets', () => {
  const domain = `${'d'.repeat(60)}.${'e'.repeat(60)}.${'f'.repeat(60)}`;
  expect(parseMailbox(`${'x'.repeat(64)}@example.net`)).toHaveProperty('local');
  expect(parseMailbox(`${'x'.repeat(65)}@example.net`)).toHaveProperty('fault');
  expect(parseMailbox(`${'é'.repeat(33)}@example.net`)).toHaveProperty('fault');
  expect(parseMailbox(`${'x'.repeat(64)}@${domain}.${'g'.repeat(6)}`)).toHaveProperty('local'); // 254
  expect(parseMailbox(`${'x'.repeat(64)}@${domain}.${'g'.repeat(7)}`)).toHaveProperty('fault'); // 255
  expect(parseMailbox(`x@${'y'.repeat(64)}.example`)).toHaveProperty('fault');
});

test('SYN-16 literals', () => {
  expect(['[192.0.2.1]', '[IPv6:::1]', '[ipv6:::1]'].map(isAddressLiteral)).toEqual([true, true, true]);
  expect(['192.0.2.1', '[]', '[::1]', '[IPv6:]', '[example.net]'].map(isAddressLiteral)).toEqual([
    false,
    false,
    false,
    false,
    false,
  ]);
});

test('EXT-05 what needs SMTPUTF8', () => {
  expect(['a@b', 'é@b', 'a@почта.example', 'a@xn--bcher-kva.example'].map(needsSmtpUtf8)).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
