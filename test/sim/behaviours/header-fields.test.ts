import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

const header = [
  'From: Ada <ada@example.org>',
  'Date: Mon, 05 Jan 2026 09:00:00 +0000',
  'Message-ID: <one@example.org>',
  'Subject: test',
];

async function answerTo(options: object, fields: readonly string[]): Promise<string | undefined> {
  const behaviours = [{ 'header-fields': { reply: '550 5.7.1 No', ...options } }];
  const message = [...fields, '', 'From: in the text', 'Subject: in the text', '.'].join('\r\n');
  const lines = ['MAIL FROM:<ada@example.org>', 'RCPT TO:<bob@example.net>', 'DATA', message];
  return (await answersOf(behaviours, lines)).at(-1);
}

const taken = expect.stringMatching(/^250 /);
const refused = '550 5.7.1 No';

test.each([
  ['no-from', header.slice(1), refused],
  ['no-from', ['From: nobody at all', ...header.slice(1)], refused],
  ['no-from', header, taken],
  ['several-addresses-in-from', ['From: <a@example.org>,', '\t<b@example.org>', ...header.slice(1)], refused],
  ['several-addresses-in-from', header, taken],
  ['no-date', header.filter((field) => !field.startsWith('Date')), refused],
  ['no-date', header, taken],
  ['no-message-id', ['Message-ID: none', ...header.slice(0, 2)], refused],
  ['no-message-id', header, taken],
  ['several-subjects', [...header, 'SUBJECT : again'], refused],
  ['several-subjects', header, taken],
])('%s: %j', async (test, fields, answer) => {
  expect(await answerTo({ refuse: [test] }, fields)).toEqual(answer);
});

test('counts the bytes of the header and not of the text', async () => {
  const bytes = header.join('\r\n').length;
  expect(await answerTo({ 'longer-than': bytes }, header)).toEqual(taken);
  expect(await answerTo({ 'longer-than': bytes - 1 }, header)).toBe(refused);
});
