import { expect, test } from 'vitest';
import { replyFromLines } from '../../src/smtp/reply.ts';
import { slipIn } from '../../src/talk/typed-slip.ts';
import { hold } from './script.ts';

const reply = (line: string) => replyFromLines([line]);

test.each([
  ['EHLO', /name of your machine is missing, such as EHLO me\.example\.net/],
  ['HELO two names', /HELO takes one name/],
  ['HELLO me.example.net', /called EHLO/],
  [' EHLO me.example.net', /first column/],
  ['MAIL FRM:<a@example.net>', /FROM: is missing behind the verb/],
  ['MAIL', /FROM: is missing behind the verb; it is written MAIL FROM:<me@example\.net>/],
  ['MAIL TO:<a@example.net>', /MAIL FROM for the sender/],
  ['RCPT FROM:<a@example.net>', /RCPT TO for a recipient/],
  ['MAIL FROM<a@example.net>', /colon behind FROM is missing/],
  ['MAIL FROM:a@example.net', /angle brackets/],
  ['MAIL FROM:<a@example.net', /bracket is not closed/],
  ['RCPT TO:<a.example.net>', /in the address there is no @/],
  ['RCPT TO:<>', /nothing stands between the brackets/],
  ['MAILFROM:<a@example.net>', /a blank belongs between MAIL and FROM/],
  ['RCPTTO:<a@example.net>', /a blank belongs between RCPT and TO/],
  ['MIAL FROM:<a@example.net>', /the verb is called MAIL/],
  ['DATA now', /DATA stands alone/],
  ['Subject: hello', /header fields belong into the message/],
  ['FROBNICATE', /FROBNICATE is no command of SMTP/],
])('%j, refused: what was wrong with it', (line, words) => {
  expect(slipIn(line, reply('500 5.5.1 Error'))).toMatch(words);
});

test.each([
  'EHLO me.example.net',
  'EHLO [192.0.2.1]',
  'mail from:<> SIZE=1000',
  'RCPT TO:<postmaster>',
  'RCPT TO:<@a.example,@b.example:c@example.org>',
  'RCPT TO:<"a > b"@example.org> NOTIFY=NEVER',
  'NOOP whatever',
  'DATA',
  'BDAT 10 LAST',
])('%j is well written', (line) => {
  expect(slipIn(line, reply('500 5.5.1 Error'))).toBeUndefined();
});

test.each([
  ['RCPT TO:<a@example.net>', '503 5.5.1 Bad sequence', /behind a MAIL that was accepted/],
  ['DATA', '554 5.5.1 No valid recipients', /behind a RCPT that was accepted/],
  ['RCPT TO:<a@example.net>', '554 5.7.1 Relay access denied', undefined],
  ['RCPT TO:<a@example.net>', '550 5.1.1 User unknown', undefined],
  ['MAIL FROM:a@example.net', '450 4.7.1 Later', undefined],
  ['MAIL FROM: <a@example.net>', '250 2.1.0 Ok', /let it pass.*no blank belongs around the colon/],
])('%j after %j', (line, said, words) => {
  const slip = slipIn(line, reply(said));
  if (words === undefined) expect(slip).toBeUndefined();
  else expect(slip).toMatch(words);
});

test('whoever mistypes is told so, below what the host says', async () => {
  const { words } = await hold('postfix', ['EHLO me.example.net', 'MAIL FRM:<a@example.net>']);
  expect(words).toMatch(/501 5\.5\.4.*Look at your line: FROM: is missing behind the verb/);
});
