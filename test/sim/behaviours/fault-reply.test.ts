import { expect, test } from 'vitest';
import { answersOf } from './one-behaviour.ts';

test('speaks for one verb only', async () => {
  const behaviours = [
    { 'fault-reply': { on: 'not-implemented', verbs: ['auth'], reply: '503 5.5.1 Not here' } },
  ];
  expect(await answersOf(behaviours, ['AUTH PLAIN', 'STARTTLS'])).toEqual([
    '503 5.5.1 Not here',
    '502 5.5.1 Error: command not implemented',
  ]);
});

test('speaks for commands with or without an argument', async () => {
  const behaviours = [
    { 'fault-reply': { on: 'hello-syntax', argument: 'missing', reply: '501 Say who you are' } },
    { 'fault-reply': { on: 'hello-syntax', argument: 'given', reply: '501 One name is enough' } },
  ];
  expect(await answersOf(behaviours, ['EHLO', 'HELO a b'])).toEqual([
    '501 Say who you are',
    '501 One name is enough',
  ]);
});

test('speaks for one parameter, whatever else is named', async () => {
  const behaviours = [
    {
      'fault-reply': {
        on: ['bad-parameter', 'unknown-parameter'],
        parameter: 'ret',
        reply: '501 5.5.4 Bad RET',
      },
    },
  ];
  const lines = [
    'MAIL FROM:<ada@example.org> BODY=8BITMIME RET=FULL',
    'MAIL FROM:<ret=@example.org> BODY=9BIT',
  ];
  expect(await answersOf(behaviours, lines)).toEqual([
    '501 5.5.4 Bad RET',
    '501 5.5.4 Bad parameter: BODY=9BIT',
  ]);
});

test('hangs up behind its words', async () => {
  const options = { on: 'unknown-command', reply: '521 5.5.1 Goodbye', then: 'close' };
  expect(await answersOf([{ 'fault-reply': options }], ['FOO', 'NOOP'])).toEqual([
    '521 5.5.1 Goodbye',
    'closed',
  ]);
});

test('leaves commands without a fault alone', async () => {
  const behaviours = [{ 'fault-reply': { on: 'unknown-command', reply: '500 5.5.1 No' } }];
  expect((await answersOf(behaviours, ['NOOP']))[0]).toMatch(/^250 /);
});

test('speaks for lines that match, with the verb in capitals', async () => {
  const options = {
    on: ['unknown-command', 'mail-syntax'],
    line: '^(?:\\S+:|MAIL .*:)',
    reply: '521 5.7.0 No',
  };
  expect(
    await answersOf([{ 'fault-reply': options }], ['Subject: x', 'foo bar:', 'mail for:', 'MAIL']),
  ).toEqual([
    '521 5.7.0 No',
    '500 5.5.2 Error: command not recognized',
    '521 5.7.0 No',
    '501 5.5.4 Syntax: MAIL FROM:<address>',
  ]);
});

test('carries on where it says yes to what breaks the rules', async () => {
  const options = { on: 'unknown-parameter', reply: '250 2.1.0 Fine' };
  const lines = ['MAIL FROM:<ada@example.org> FOO=bar', 'RCPT TO:<bob@example.net>'];
  expect(await answersOf([{ 'fault-reply': options }], lines)).toEqual(['250 2.1.0 Fine', '250 2.1.5 Ok']);
});

test('a pattern that is none is told', async () => {
  const options = { on: 'unknown-command', line: '(', reply: '500 5.5.1 No' };
  await expect(answersOf([{ 'fault-reply': options }], ['FOO'])).rejects.toThrow('Unterminated group');
});
