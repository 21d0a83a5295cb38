import { expect, test } from 'vitest';
import { capabilitiesOf } from '../../src/smtp/capabilities.ts';
import { replyFromLines } from '../../src/smtp/reply.ts';

const offered = (...lines: string[]) => [...capabilitiesOf(replyFromLines(['250-SIZE greets', ...lines]))];

test('SES-03 the first line is no keyword, and keywords ignore case', () => {
  expect(offered('250-PiPeLiNiNg', '250-size 1000', '250 Foo bar=1')).toEqual([
    ['PIPELINING', []],
    ['SIZE', ['1000']],
    ['FOO', ['bar=1']],
  ]);
});

test('AUT-01 AUTH= is AUTH, and both together are one list', () => {
  expect(offered('250-AUTH PLAIN', '250 AUTH=LOGIN')).toEqual([['AUTH', ['PLAIN', 'LOGIN']]]);
});

test('EXT-12 parameters keep their values', () => {
  expect(offered('250 LIMITS MAILMAX=100 RCPTMAX=2')).toEqual([['LIMITS', ['MAILMAX=100', 'RCPTMAX=2']]]);
});

test('EXT-01 SIZE without a number is there and says nothing', () => {
  expect(offered('250 SIZE')).toEqual([['SIZE', []]]);
});

test('blank lines and blanks too many do no harm', () => {
  expect(offered('250-', '250-   ', '250-DSN  ', '250  SIZE   5')).toEqual([
    ['DSN', []],
    ['SIZE', ['5']],
  ]);
});
