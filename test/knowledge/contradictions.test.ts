import { expect, test } from 'vitest';
import type { Context } from '../../src/knowledge/judge.ts';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { replyFromLines } from '../../src/smtp/reply.ts';

const { explain } = await loadKnowledge();

function contradictions(lines: string | string[], context: Context = {}): readonly string[] {
  return explain(replyFromLines([lines].flat()), context).contradictions;
}

test('a reply that fits has none', () => {
  expect(
    contradictions('550 5.1.1 <ada@example.net>: Recipient address rejected: User unknown', {
      stage: 'rcpt',
    }),
  ).toEqual([]);
  expect(contradictions('250 2.1.5 Ok', { stage: 'rcpt' })).toEqual([]);
  expect(contradictions('220 mx.example.net ESMTP', { stage: 'greeting' })).toEqual([]);
});

test.each<[string, string | string[], Context, string]>([
  [
    'status of another class',
    '550 4.2.2 Mailbox full',
    { stage: 'rcpt' },
    '550 and the status 4.2.2 disagree',
  ],
  [
    'a 421 that will not pass',
    '421 4.7.1 [TS03] All messages from 203.0.113.7 permanently deferred; Retrying will NOT succeed.',
    { stage: 'mail' },
    'trying again will not help',
  ],
  [
    'a 5yz that passes',
    '550 Ip frequency limited [x Blocked IP 203.0.113.7].',
    { stage: 'message' },
    'in truth it passes',
  ],
  [
    'a 5yz that speaks of later',
    '550 5.3.0 Please try again later',
    { stage: 'mail' },
    'the words speak of trying later',
  ],
  [
    '5.4.1 for an unknown user',
    '550 5.4.1 Recipient address rejected: Access denied. AS(201806281)',
    { stage: 'rcpt' },
    '5.4.1 is registered as "no answer from host"',
  ],
  [
    '5.1.10 for an unknown user',
    '550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found by SMTP address lookup',
    { stage: 'message' },
    'null MX',
  ],
  [
    'second digit outside 0 to 5',
    '571 Delivery not authorized',
    { stage: 'rcpt' },
    'most likely 5.7.1 without its dots',
  ],
  ['a number without its dots', '522 mailbox full', { stage: 'rcpt' }, 'most likely 5.2.2 without its dots'],
  ['a number that nobody knows', '499 no', { stage: 'mail' }, 'no codes with 9 in the middle'],
  ['a number that no standard knows', '409 no', { stage: 'mail' }, 'No standard knows 409'],
  [
    'a code outside the table of its stage',
    '450 4.7.1 Not now',
    { stage: 'mail' },
    'does not know 450 as an answer to MAIL FROM',
  ],
  ['a status in a 3yz', '354 3.0.0 2.0.0 Go on', { stage: 'data' }, ''],
  [
    'a status in the greeting',
    '220 2.0.0 mx.example.net',
    { stage: 'greeting' },
    'does not belong into the reply to our connection',
  ],
  [
    'lines with different codes',
    ['220-laposte', '421 4.2.1 Service refused LPN006_107'],
    { stage: 'greeting' },
    '(220, 421)',
  ],
  [
    'a status inside the words',
    '550 Invalid recipient <ada@example.net> (#5.1.1)',
    { stage: 'rcpt' },
    '5.1.1 stands inside the words',
  ],
  [
    'words against the status',
    '550 5.7.1 <ada@example.net>: User unknown',
    { stage: 'rcpt' },
    'we follow the words',
  ],
])('%s', (_, lines, context, part) => {
  const found = contradictions(lines, context);
  if (part === '') expect(found).toEqual([]);
  else expect(found.join(' | ')).toContain(part);
});

test('a code in no table is no contradiction where the stage is not known', () => {
  expect(contradictions('450 4.2.0 Greylisted')).toEqual([]);
});

test('every sentence is one', () => {
  for (const line of ['571 4.7.1 permanently deferred', '550 4.2.2 full', '499 no', '221 no such user']) {
    for (const sentence of contradictions(line, { stage: 'mail' }))
      expect(sentence).toMatch(/^[A-Z\d"].*\.$/s);
  }
});
