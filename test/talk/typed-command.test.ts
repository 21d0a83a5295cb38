import { expect, test } from 'vitest';
import { chunkSize, commandOf } from '../../src/talk/typed-command.ts';
import { readLogin, withoutSecret } from '../../src/talk/typed-login.ts';

const base64 = (text: string): string => Buffer.from(text).toString('base64');

test.each([
  ['mail from:<a@b.example>', 'mail'],
  ['RCPT TO:<a@b.example>', 'rcpt'],
  ['HELO x', 'ehlo'],
  ['BDAT 5', 'data'],
  ['bdat 5 last', 'message'],
  ['constructor', 'command'],
  ['', 'command'],
])('%j is of the stage %s', (line, stage) => {
  expect(commandOf(line)).toEqual({ stage, line });
});

test.each([
  ['BDAT 12', 12],
  ['bdat 0 LAST', 0],
  ['BDAT x', undefined],
  ['BDAT 999999999', undefined],
])('%s has the size %s', (line, size) => {
  expect(chunkSize(line)).toBe(size);
});

test.each([
  ['', { kind: 'known' }],
  ['login', { kind: 'known', mechanism: 'LOGIN' }],
  ['LOGIN ada', { kind: 'known', mechanism: 'LOGIN', user: 'ada' }],
  [`LOGIN ${base64('ada@x.example')}`, { kind: 'known', mechanism: 'LOGIN', user: 'ada@x.example' }],
  [
    `PLAIN ${base64('\0ada\0pass word')}`,
    { kind: 'known', mechanism: 'PLAIN', user: 'ada', password: 'pass word' },
  ],
  [
    `PLAIN ${base64('\0ädä\0pässwörd')}`,
    { kind: 'known', mechanism: 'PLAIN', user: 'ädä', password: 'pässwörd' },
  ],
  ['CRAM-MD5 ada', { kind: 'known', mechanism: 'CRAM-MD5', user: 'ada' }],
  ['NTLM', { kind: 'other', shown: 'AUTH NTLM' }],
  ['XOAUTH2 dG9rZW4=', { kind: 'other', shown: 'AUTH XOAUTH2 ****' }],
])('AUTH %s', (rest, asked) => {
  expect(readLogin(rest)).toEqual(asked);
});

test.each([
  [`AUTH PLAIN ${base64('\0ada\0pass')}`, 'AUTH PLAIN ****'],
  ['  auth xoauth2 token', '  auth xoauth2 ****'],
  ['AUTH LOGIN ada', 'AUTH LOGIN ada'],
  ['MAIL FROM:<auth@plain.example>', 'MAIL FROM:<auth@plain.example>'],
])('%s may be shown as %s', (line, shown) => {
  expect(withoutSecret(line)).toBe(shown);
});
