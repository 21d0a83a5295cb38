import { expect, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { wordingOf } from '../../src/knowledge/wording.ts';
import { replyFromLines } from '../../src/smtp/reply.ts';

const { explain } = await loadKnowledge();
const million = 1_000_000;

/** Text of the kind that makes careless patterns run for ever: a beginning of many rules, again and again, and no end. */
const nasty = [
  'a',
  ' ',
  'user ',
  'not not ',
  'sender address ',
  'a.b.c.',
  '<a@b',
  'http://',
  '1.1.1.',
  'a:a:',
  '(((',
  'quota exceed ',
];

test.each(nasty)('a reply of a megabyte is read as far as its beginning: %j', (piece) => {
  const text = piece.repeat(Math.ceil(million / piece.length));
  const long = replyFromLines([`550 5.7.1 ${text}`]);
  const short = replyFromLines([`550 5.7.1 ${text.slice(0, 3_000)}`]);
  // What the rules see is all the work there is, so a thousand times the bytes is no more of it.
  expect(wordingOf(long)).toEqual(wordingOf(short));
  expect(wordingOf(long).text.length).toBeLessThanOrEqual(2_000);
  expect(explain(long, { stage: 'rcpt' })).toEqual(explain(short, { stage: 'rcpt' }));
});

test('a reply of a hundred thousand lines is read as far as its beginning', () => {
  const lines = Array.from({ length: 100_000 }, (_, n) => `550-5.1.1 line ${n}`);
  const reply = replyFromLines([...lines, '550 5.1.1 User unknown']);
  expect(wordingOf(reply).text.length).toBeLessThanOrEqual(2_000);
  expect(explain(reply, { stage: 'rcpt' }).reason).toBe('user-unknown'); // by the status
});

test('what changes from day to day is taken out of the words', () => {
  const lines = [
    '550-5.1.1 <ada@example.net>: host mx-7.mail.example.com[203.0.113.7] said',
    '550 5.1.1 see https://x.example/y?z=1 ok',
  ];
  const { text, places } = wordingOf(replyFromLines(lines));
  expect(text).toBe('(@): host (#)[(ip)] said see (link) ok');
  expect(places).toBe('https://x.example/y?z=1 mx-7.mail.example.com');
});

test('bytes in UTF-8 and in Latin-1 are read alike, without their accents', () => {
  const utf8 = Buffer.from('550 Boîte  pleine', 'utf8').toString('latin1');
  expect(wordingOf(replyFromLines([utf8])).text).toBe('Boite pleine');
  expect(wordingOf(replyFromLines(['550 Bo\u00eete pleine'])).text).toBe('Boite pleine');
});

test('a status inside the words counts when it fits the code', () => {
  expect(wordingOf(replyFromLines(['553 no such host (#5.1.2)'])).hidden).toBe('5.1.2');
  expect(wordingOf(replyFromLines(['553 (#4.1.2)'])).hidden).toBeUndefined();
  expect(wordingOf(replyFromLines(['550 from 5.1.1.1'])).hidden).toBeUndefined();
});
