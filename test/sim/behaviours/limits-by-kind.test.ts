import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

const codes = (answers: readonly string[]): string[] => answers.map((line) => line.slice(0, 3));

test('a recipient budget can count domains', async () => {
  const budget = {
    'recipient-budget': { limit: 1, per: 'transaction', counts: 'domains', reply: '451 4.3.0 One domain' },
  };
  const lines = [
    'MAIL FROM:<ada@example.org>',
    'RCPT TO:<a@example.net>',
    'RCPT TO:<b@EXAMPLE.net>',
    'RCPT TO:<c@example.com>',
  ];
  expect(codes(await answersOf([budget], lines))).toEqual(['250', '250', '250', '451']);
});

test('a rate limit can count logins and TLS sessions', async () => {
  const logins = { 'rate-limit': { counts: 'logins', limit: 1, reply: '454 4.7.0 Too many logins' } };
  const sessions = {
    'rate-limit': { counts: 'tls-sessions', limit: 1, reply: '454 4.7.0 Too many sessions' },
  };
  const offering = [logins, sessions];
  expect(codes(await answersOf(offering, ['AUTH PLAIN', 'STARTTLS']))).toEqual(['502', '502']); // what breaks the rules is not counted
});

test('a HELO policy can look for names, and for no name at all', async () => {
  const named = { 'helo-policy': { names: ['.example.org'], at: 'mail', reply: '550 5.7.506 Bad HELO' } };
  const missing = { 'helo-policy': { refuse: ['missing'], at: 'mail', reply: '503 5.5.1 Hello first' } };
  expect(codes(await answersOf([named], ['MAIL FROM:<>', 'HELO elsewhere.example', 'MAIL FROM:<>']))).toEqual(
    ['550', '250', '250'],
  );
  expect(codes(await answersOf([missing], ['MAIL FROM:<>']))).toEqual(['250']);
});
