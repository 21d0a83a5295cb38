import { expect, test } from 'vitest';
import { closest } from '../../src/datafile/suggest.ts';

const verbs = ['connect', 'ehlo', 'mail', 'rcpt', 'disconnect', 'auto-allow', 'wait', 'quit', 'closed'];

test.each([
  ['rcptt', 'rcpt'],
  ['rctp', 'rcpt'],
  ['mial', 'mail'],
  ['Connect', 'connect'],
  ['auto_allow', 'auto-allow'],
  ['AutoAllow', 'auto-allow'],
  ['disconect', 'disconnect'],
  ['clsed', 'closed'],
  ['qit', 'quit'],
])('%s was meant to be %s', (word, meant) => {
  expect(closest(word, verbs)).toBe(meant);
});

test.each([['teleport'], ['bcc'], [''], ['helicopter'], ['quit'.repeat(1000)]])(
  '%s resembles nothing',
  (word) => {
    expect(closest(word, verbs)).toBeUndefined();
  },
);

test.each([
  ['verfy', 'verify'],
  ['vrfi', 'vrfy'],
])('of two as near %s begins like %s', (word, meant) => {
  expect(closest(word, ['vrfy', 'verify'])).toBe(meant);
});

test('of two as near the first is taken, and a word is not suggested for itself', () => {
  expect(closest('mx3', ['mx1', 'mx2'])).toBe('mx1');
  expect(closest('mail', ['mail'])).toBeUndefined();
});

test('a transposition counts once (Damerau), a substitution once, an insertion once', () => {
  expect(closest('abcd', ['abdc'])).toBe('abdc');
  expect(closest('abcd', ['abxy'])).toBeUndefined();
  expect(closest('abcd', ['abcde'])).toBe('abcde');
});
