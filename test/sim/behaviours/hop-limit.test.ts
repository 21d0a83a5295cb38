import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

const limit = [{ 'hop-limit': { limit: 3, reply: '554 5.4.0 Too many hops' } }];
const hop = 'Received: from a by b\r\n';
const transaction = (message: string): string[] => [
  'MAIL FROM:<ada@example.org>',
  'RCPT TO:<bob@example.net>',
  'DATA',
  `${message}\r\n.`,
];

test('a message with one hop fewer is taken, its own hop counted in', async () => {
  expect((await answersOf(limit, transaction(`${hop}\r\ntext`))).at(-1)).toMatch(/^250 /);
});

test('a message that reaches the limit is refused', async () => {
  expect((await answersOf(limit, transaction(`${hop}rEcEiVeD: by c\r\n\r\ntext`))).at(-1)).toBe(
    '554 5.4.0 Too many hops',
  );
});

test('only the header counts', async () => {
  expect((await answersOf(limit, transaction(`${hop}\r\n${hop}${hop}${hop}`))).at(-1)).toMatch(/^250 /);
});

test('a message without a header has made no hops', async () => {
  expect((await answersOf(limit, transaction('text'))).at(-1)).toMatch(/^250 /);
});
