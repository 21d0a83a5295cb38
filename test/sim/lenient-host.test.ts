import { expect, test } from 'vitest';
import { Lab } from '../../src/sim/lab.ts';
import { profileSchema } from '../../src/sim/profile.ts';
import { VirtualClock } from '../../src/time/virtual-clock.ts';
import { RawClient } from './raw-client.ts';

/** What a plain host with these traits answers to bytes sent one after the other behind its greeting. */
async function answers(traits: object, sent: readonly string[]): Promise<string[]> {
  const lab = new Lab({ clock: new VirtualClock(), seed: 1 });
  try {
    const profile = profileSchema.parse({
      provider: 'plain',
      title: 'A plain host',
      invented: true,
      ...traits,
    });
    await lab.add('mx.example.net', { profile, addresses: ['192.0.2.25'] });
    const client = await RawClient.to(lab, '192.0.2.25');
    await client.reply();
    const heard: string[] = [];
    for (const bytes of sent) heard.push((await client.send(bytes)).at(-1) ?? '');
    client.close();
    return heard;
  } finally {
    await lab.close();
  }
}

const hello = 'EHLO probe.example.org\r\n';
const mail = 'MAIL FROM:<ada@example.org>\r\n';
const codes = (replies: readonly string[]): string[] => replies.map((reply) => reply.slice(0, 3));

test('MAIL needs EHLO, unless the profile says otherwise', async () => {
  expect(codes(await answers({}, [mail]))).toEqual(['503']);
  expect(
    codes(await answers({ 'hello-optional': true }, [mail, 'RCPT TO:<bob@example.net>\r\n', 'DATA\r\n'])),
  ).toEqual(['250', '250', '354']);
});

test.each([
  'MAIL FROM:ada@example.org\r\n',
  'MAIL FROM:<ada@other_domain.example>\r\n',
  'MAIL FROM:<\xc3\xa5sa@example.org>\r\n',
  'EHLO two words\r\n',
])('%j is refused by a strict host and taken by a lenient one', async (line) => {
  expect((await answers({}, [hello, line])).at(-1)).toMatch(/^5/);
  expect((await answers({ 'lenient-addresses': true }, [hello, line])).at(-1)).toMatch(/^250/);
});

test('octets that are no UTF-8 are refused by everybody', async () => {
  const line = 'MAIL FROM:<\xe5sa@example.org>\r\n';
  for (const traits of [{}, { 'lenient-addresses': true }]) {
    expect((await answers(traits, [hello, line])).at(-1)).toBe('500 5.5.2 Error: bad UTF-8 syntax');
  }
});

test('a parameter given twice is a bad one, and named', async () => {
  const traits = { accent: { ehlo: ['{host}', 'DSN', 'ENHANCEDSTATUSCODES'] } };
  const replies = await answers(traits, [
    hello,
    mail,
    'RCPT TO:<bob@example.net> ORCPT=rfc822;a NOTIFY=NEVER NOTIFY=NEVER\r\n',
  ]);
  expect(replies.at(-1)).toBe('501 5.5.4 Bad parameter: NOTIFY=NEVER NEVER');
});

test.each([
  ['QQ314159', '250'],
  ['a+2Bb', '250'],
  ['a+2b', '501'],
  ['a+', '501'],
  ['x'.repeat(100), '250'],
  ['x'.repeat(101), '501'],
])('ENVID=%s gets %s', async (value, code) => {
  const replies = await answers({ accent: { ehlo: ['{host}', 'DSN'] } }, [
    hello,
    `${mail.trimEnd()} ENVID=${value}\r\n`,
  ]);
  expect(replies.at(-1)?.slice(0, 3)).toBe(code);
});

test('a host takes one EHLO, where the profile says so', async () => {
  expect(codes(await answers({}, [hello, hello]))).toEqual(['250', '250']);
  expect(codes(await answers({ 'hello-once': true }, [hello, 'HELO again\r\n', mail]))).toEqual([
    '250',
    '503',
    '250',
  ]);
});

test.each([
  ['loose-blanks', ' NOOP\r\n', /^500/, /^250/],
  ['loose-blanks', 'MAIL\tFROM:<ada@example.org>\r\n', /^500/, /^250/],
  ['single-blanks', 'MAIL  FROM:<ada@example.org>\r\n', /^250/, /^501/],
  ['strict-arguments', 'NOOP please\r\n', /^250/, /^501/],
  ['strict-arguments', 'RSET \r\n', /^250/, /^501/],
  ['strict-arguments', 'HELP MAIL\r\n', /^214/, /^501/],
  ['lenient-addresses', 'MAIL FROM:< ada@example.org >\r\n', /^501/, /^250/],
])('%s: %j', async (trait, line, without, withIt) => {
  expect((await answers({}, [hello, line])).at(-1)).toMatch(without);
  expect((await answers({ [trait]: true }, [hello, line])).at(-1)).toMatch(withIt);
});

test('a parameter that is not known is quoted as the client spelt it', async () => {
  const line = 'MAIL FROM:<ada@example.org> Foo=Bar\r\n';
  expect((await answers({}, [hello, line])).at(-1)).toBe('555 5.5.4 Unsupported option: Foo=Bar');
});
