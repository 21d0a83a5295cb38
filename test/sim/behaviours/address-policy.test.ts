import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

const mail = 'MAIL FROM:<ada@example.org>';
const policy = (options: object): object[] => [{ 'address-policy': { reply: '504 5.5.2 No', ...options } }];

test('refuses recipients in a domain without a dot, and nobody else', async () => {
  const lines = [
    mail,
    'RCPT TO:<bob@contoso>',
    'RCPT TO:<bob@[192.0.2.9]>',
    'RCPT TO:<Postmaster>',
    'RCPT TO:<bob@example.net>',
  ];
  expect(await answersOf(policy({ whose: 'recipient', refuse: ['no-dot'] }), lines)).toEqual([
    '250 2.1.0 Ok',
    '504 5.5.2 No',
    '250 2.1.5 Ok',
    '250 2.1.5 Ok',
    '250 2.1.5 Ok',
  ]);
});

test('refuses recipients without a domain, though the usual words would be others', async () => {
  const lines = [mail, 'RCPT TO:<bob>'];
  expect((await answersOf(policy({ whose: 'recipient', refuse: ['no-domain'] }), lines)).at(-1)).toBe(
    '504 5.5.2 No',
  );
  expect((await answersOf(policy({ whose: 'recipient', refuse: ['same-domain'] }), lines)).at(-1)).toMatch(
    /^501 /,
  );
});

test('keeps what it thinks of the sender until RCPT, and takes the null sender', async () => {
  const late = policy({ whose: 'sender', refuse: ['no-dot'], at: 'rcpt' });
  const lines = [
    'MAIL FROM:<ada@contoso>',
    'RCPT TO:<bob@example.net>',
    'RSET',
    'MAIL FROM:<>',
    'RCPT TO:<bob@example.net>',
  ];
  expect((await answersOf(late, lines)).map((line) => line.slice(0, 3))).toEqual([
    '250',
    '504',
    '250',
    '250',
    '250',
  ]);
});

test('sees that a stranger uses the domain of the recipient', async () => {
  const same = policy({ whose: 'sender', refuse: ['same-domain'], at: 'rcpt' });
  const lines = ['MAIL FROM:<ada@EXAMPLE.net>', 'RCPT TO:<bob@example.net>', 'RCPT TO:<bob@example.org>'];
  expect((await answersOf(same, lines)).map((line) => line.slice(0, 3))).toEqual(['250', '504', '250']);
});

test('asks for SMTPUTF8 where an address needs it, on a host that would take it', async () => {
  const strict = policy({ whose: 'sender', refuse: ['undeclared-utf8'] });
  const lenient = { 'lenient-addresses': true, accent: { ehlo: ['{host}', 'SMTPUTF8'] } };
  const utf8 = 'MAIL FROM:<j\xc3\xb6rg@example.org>';
  expect(await answersOf([], [utf8], lenient)).toEqual(['250 Ok']);
  expect(await answersOf(strict, [utf8], lenient)).toEqual(['504 5.5.2 No']);
  expect(await answersOf(strict, [`${utf8} SMTPUTF8`], lenient)).toEqual(['250 Ok']);
  expect(await answersOf(strict, [mail], lenient)).toEqual(['250 Ok']);
});

test.each([
  ['quoted', '"ada"@example.org'],
  ['address-literal', 'ada@[192.0.2.1]'],
  ['second-at', 'ada@other.example@example.org'],
  ['ats-in-a-row', 'ada@@example.org'],
  ['over-long', `${'a'.repeat(300)}@example.org`],
])('refuses senders that are %s, and no others', async (kind, address) => {
  const answers = await answersOf(
    policy({ whose: 'sender', refuse: [kind] }),
    [`MAIL FROM:<${address}>`, mail],
    { 'lenient-addresses': true },
  );
  expect(answers.map((line) => line.slice(0, 3))).toEqual(['504', '250']);
});
