import { expect, test } from 'vitest';
import { groupReplies } from '../../src/transcript/replies.ts';

const shape = (lines: readonly string[]): string[] =>
  groupReplies(lines).map((heard) => `${heard.kind} ${heard.lines.length}`);

test('lines are grouped by their fourth character', () => {
  expect(shape(['250-a', '250-b', '250 c', '550 d', '221'])).toEqual(['reply 3', 'reply 1', 'reply 1']);
});

test('what makes no reply is kept as it came', () => {
  expect(shape(['HTTP/1.1 400 Bad Request', '250 ok'])).toEqual(['scraps 1', 'reply 1']);
  expect(shape(['250-a', 'b'])).toEqual(['scraps 2']);
  expect(shape(['250-cut off'])).toEqual(['scraps 1']);
  expect(shape(['199 no such code', '25'])).toEqual(['scraps 1', 'scraps 1']);
  expect(shape([])).toEqual([]);
});
