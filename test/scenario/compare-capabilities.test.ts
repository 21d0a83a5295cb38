import { expect, test } from 'vitest';
import { compareCapabilities } from '../../src/scenario/compare-capabilities.ts';
import { replyFromLines } from '../../src/smtp/reply.ts';
import type { Stage } from '../../src/smtp/stage.ts';
import type { Answer } from '../../src/transcript/ending.ts';

const answer = (lines: readonly string[], stage: Stage = 'ehlo'): Answer => ({
  kind: 'reply',
  stage,
  reply: replyFromLines(lines),
  elapsed: 0,
});

const postfix = answer(['250-mx1.example.net', '250-PIPELINING', '250-SIZE 1000', '250 AUTH PLAIN LOGIN']);

test('keywords of one side, and parameters that differ', () => {
  const other = answer([
    '250-mx.example.org at your service',
    '250-SIZE 2000',
    '250-XFOO',
    '250 AUTH LOGIN PLAIN',
  ]);
  expect(compareCapabilities(postfix, other)).toEqual([
    { keyword: 'PIPELINING', simulated: '' },
    { keyword: 'SIZE', simulated: '1000', real: '2000' },
    { keyword: 'XFOO', real: '' },
  ]);
});

test('order, capitals and the greeting make no difference', () => {
  const other = answer(['250-Hello', '250-auth=login plain', '250-size 1000', '250 Pipelining']);
  expect(compareCapabilities(postfix, other)).toEqual([]);
});

test.each([
  ['a refusal', answer(['502 5.5.1 No'])],
  ['the reply to another command', answer(['250-one', '250 two'], 'mail')],
])('%s offers nothing, and so lacks nothing', (_, other) => {
  expect(compareCapabilities(postfix, other)).toEqual([]);
  expect(compareCapabilities(other, postfix)).toEqual([]);
});
