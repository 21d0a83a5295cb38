import { expect, test } from 'vitest';
import * as commands from '../../src/probe/command.ts';
import * as envelope from '../../src/probe/envelope.ts';
import { atHost, introduced } from './helpers/at-host.ts';

const poisons = ['a\r\nRSET', 'a\nb', 'a\rb', 'a\0b', 'a\x1b[2Jb', 'a\x7fb'];

for (const poison of poisons) {
  test(`SYN-01 ${JSON.stringify(poison)} is refused everywhere before a byte is sent`, async () => {
    const { session, server } = await introduced({ offers: ['SIZE', 'DSN', 'AUTH PLAIN LOGIN', 'EXPN'] });
    const sent = server.lines.length;
    const refused = [
      () => session.ehlo(poison),
      () => session.helo(poison),
      () => session.hello(poison),
      () => session.mail(`${poison}@example.net`),
      () => session.mail(`a@${poison}`),
      () => session.rcpt(`${poison}@example.net`),
      () => session.rcpt(poison),
      () => session.mail('a@example.net', { FOO: poison }, { force: true }),
      () => session.mail('a@example.net', { [poison]: true }, { force: true }),
      () => session.rcpt('a@example.net', { NOTIFY: poison }),
      () => session.noop(poison),
      () => session.vrfy(poison),
      () => session.expn(poison),
      () => session.help(poison),
    ];
    for (const refuse of refused) await expect(refuse(), refuse.toString()).rejects.toThrow(TypeError);
    await session.rset();
    expect(server.lines.slice(sent)).toEqual(['RSET']);
  });
}

test('SYN-01 a mechanism takes any password without a line end getting through', async () => {
  const { session, server } = await introduced({ offers: ['AUTH PLAIN'], on: { AUTH: '235 2.7.0 ok' } });
  await session.auth({ user: 'a\r\nb', password: 'c\r\nQUIT\r\n' });
  expect(server.lines.at(-1)).toMatch(/^AUTH PLAIN [A-Za-z0-9+/=]+$/);
});

for (const address of [
  '',
  'a',
  'a@',
  '@b',
  'a b@example.net',
  '<a@example.net>',
  '@relay.example:a@example.net',
  'a@b_c.example',
  'a@-b.example',
  'a..b@example.net',
  `${'x'.repeat(65)}@example.net`,
  `a@${'b.'.repeat(130)}c`,
  'a@[192.0.2.300]',
]) {
  test(`SYN-04 SYN-08 SYN-09 SYN-14 ${JSON.stringify(address.slice(0, 40))} is no recipient`, () => {
    expect(() => envelope.rcpt(address)).toThrow(TypeError);
  });
}

test('SYN-03 SYN-04 paths stand in brackets, right behind the colon', () => {
  expect(envelope.mail('').line).toBe('MAIL FROM:<>');
  expect(envelope.mail('Ada.L@Example.NET').line).toBe('MAIL FROM:<Ada.L@Example.NET>');
  expect(envelope.rcpt('ada@example.net').line).toBe('RCPT TO:<ada@example.net>');
});

test('SYN-05 SYN-06 commands without arguments are bare', () => {
  const bare = [
    commands.data,
    commands.rset,
    commands.quit,
    commands.starttls,
    commands.noop(),
    commands.help(),
  ];
  expect(bare.map(({ line }) => line)).toEqual(['DATA', 'RSET', 'QUIT', 'STARTTLS', 'NOOP', 'HELP']);
});

test('SYN-07 EHLO takes one name, in ASCII', () => {
  expect(commands.ehlo('[IPv6:2001:db8::1]').line).toBe('EHLO [IPv6:2001:db8::1]');
  for (const name of ['', 'a b', 'münchen.example']) expect(() => commands.ehlo(name)).toThrow(TypeError);
});

test('SYN-10 a command line is at most 512 octets', () => {
  expect(commands.noop('x'.repeat(505)).line).toHaveLength(510);
  expect(() => commands.noop('x'.repeat(506))).toThrow('longer than 512 octets');
});

test('SYN-15 EXT-05 an address that needs SMTPUTF8 is withheld where it is not offered', async () => {
  const plain = await introduced({ offers: ['8BITMIME'] });
  expect(await plain.session.mail('a@example.net')).toMatchObject({ kind: 'reply' });
  expect(await plain.session.rcpt('дед@example.net')).toEqual({
    kind: 'withheld',
    stage: 'rcpt',
    command: 'RCPT TO:<дед@example.net>',
    rule: 'EXT-05',
    why: 'the host has not offered SMTPUTF8',
  });
  expect(plain.server.lines).toHaveLength(2);

  const offering = await introduced({ offers: ['8BITMIME', 'SMTPUTF8'] });
  await offering.session.mail('дед@example.net');
  await offering.session.rcpt('дед@example.net');
  const utf8 = Buffer.from('дед@example.net').toString('latin1');
  expect(offering.server.lines.slice(1)).toEqual([`MAIL FROM:<${utf8}> SMTPUTF8`, `RCPT TO:<${utf8}>`]);
  expect(offering.session.transcript.events.at(-2)).toMatchObject({
    kind: 'sent',
    lines: [`RCPT TO:<${utf8}>`],
    bytes: utf8.length + 12,
  });
});

test('SYN-18 a parameter is sent only if the latest EHLO offers it, or if forced', async () => {
  const { session, server } = await introduced({ offers: ['SIZE 1000'] });
  expect(await session.mail('a@example.net', { SIZE: 10 })).toMatchObject({ kind: 'reply' });
  expect(await session.mail('a@example.net', { FOO: '1' })).toMatchObject({
    kind: 'withheld',
    rule: 'SYN-18',
    why: 'the host has not offered FOO',
  });
  expect(await session.mail('a@example.net', { FOO: '1' }, { force: true })).toMatchObject({ kind: 'reply' });
  expect(server.lines.slice(1)).toEqual([
    'MAIL FROM:<a@example.net> SIZE=10',
    'MAIL FROM:<a@example.net> FOO=1',
  ]);
});

const written = {
  'EXT-02 SIZE': [envelope.mail('a@b.example', { SIZE: 2000 }), ' SIZE=2000', ['SIZE']],
  'EXT-03 BODY': [envelope.mail('a@b.example', { BODY: '8BITMIME' }), ' BODY=8BITMIME', ['8BITMIME']],
  'EXT-08 BINARYMIME': [
    envelope.mail('a@b.example', { BODY: 'BINARYMIME' }),
    ' BODY=BINARYMIME',
    ['BINARYMIME', 'CHUNKING'],
  ],
  'EXT-05 SMTPUTF8': [envelope.mail('a@b.example', { SMTPUTF8: true }), ' SMTPUTF8', ['SMTPUTF8']],
  'EXT-09 RET and ENVID': [
    envelope.mail('a@b.example', { RET: 'HDRS', ENVID: 'QQ+1=2 3' }),
    ' RET=HDRS ENVID=QQ+2B1+3D2+203',
    ['DSN', 'DSN'],
  ],
  'EXT-09 NOTIFY and ORCPT': [
    envelope.rcpt('a@b.example', { NOTIFY: 'SUCCESS,DELAY', ORCPT: 'c+d@e.example' }),
    ' NOTIFY=SUCCESS,DELAY ORCPT=rfc822;c+2Bd@e.example',
    ['DSN', 'DSN'],
  ],
  'EXT-09 ORCPT with its type': [
    envelope.rcpt('a@b.example', { ORCPT: 'utf-8;c@e.example' }),
    ' ORCPT=utf-8;c@e.example',
    ['DSN'],
  ],
  'AUT-11 AUTH': [envelope.mail('a@b.example', { AUTH: 'e+f@b.example' }), ' AUTH=e+2Bf@b.example', ['AUTH']],
  'AUT-11 AUTH unknown': [envelope.mail('a@b.example', { AUTH: '<>' }), ' AUTH=<>', ['AUTH']],
  'EXT-10 BY': [envelope.mail('a@b.example', { BY: '120;R' }), ' BY=120;R', ['DELIVERBY']],
  'a keyword in small letters': [envelope.mail('a@b.example', { size: '5' }), ' SIZE=5', ['SIZE']],
  'an absent one': [envelope.mail('a@b.example', { FOO: undefined }), '', []],
} as const;

for (const [name, [command, text, needs]] of Object.entries(written)) {
  test(`${name}: as a parameter`, () => {
    expect(command.line.replace(/^.*>(?= |$)/, '').replace(/^.*<a@b\.example>/, '')).toBe(
      text.replace(/^ AUTH=<>$/, ''),
    );
    expect(command.line.endsWith(text)).toBe(true);
    expect(command.needs ?? []).toEqual(needs);
  });
}

test('EXT-09 values that are too long or of the wrong shape are no parameters', () => {
  expect(() => envelope.mail('a@b.example', { ENVID: 'x'.repeat(101) })).toThrow('longer than 100');
  expect(() => envelope.rcpt('a@b.example', { ORCPT: 'x'.repeat(500) })).toThrow('longer than 500');
  expect(() => envelope.mail('a@b.example', { FOO: 'a=b' })).toThrow(TypeError);
  expect(() => envelope.mail('a@b.example', { FOO: 'a b' })).toThrow(TypeError);
  expect(() => envelope.mail('a@b.example', { FOO: '' })).toThrow(TypeError);
});

test('EXT-11 REQUIRETLS never travels in clear, offered or not', async () => {
  const { session, server } = await introduced({ offers: ['REQUIRETLS'] });
  expect(await session.mail('a@example.net', { REQUIRETLS: true })).toMatchObject({
    kind: 'withheld',
    rule: 'EXT-11',
  });
  expect(server.lines).toHaveLength(1);
});

test('SYN-18 nothing may be asked for after HELO', async () => {
  const { session } = await atHost({ offers: ['SIZE'] });
  await session.ehlo('a.example');
  await session.helo('a.example');
  expect(await session.mail('a@example.net', { SIZE: 1 })).toMatchObject({ kind: 'withheld' });
});
