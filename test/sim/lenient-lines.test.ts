import { expect, test } from 'vitest';
import { LenientLines } from '../../src/sim/lenient-lines.ts';

/** What comes out, whole or cut after each byte: the two must be the same. */
function normalized(text: string): string {
  const lines = new LenientLines();
  const whole = lines.push(Buffer.from(text, 'latin1')).toString('latin1');
  const bytewise = new LenientLines();
  const pieces = [...text].map((byte) => bytewise.push(Buffer.from(byte, 'latin1')).toString('latin1'));
  expect(pieces.join('')).toBe(whole);
  return whole;
}

test.each([
  ['a\nb\n', 'a\r\nb\r\n'],
  ['a\r\nb\r\n', 'a\r\nb\r\n'],
  ['a\r\r\nb\n', 'a\r\nb\r\n'],
  ['a\rb\n', 'a\rb\r\n'],
  ['\n\n', '\r\n\r\n'],
  ['\xff\n', '\xff\r\n'],
])('%j becomes %j', (text, expected) => {
  expect(normalized(text)).toBe(expected);
});

test.each(['a\n.\n', 'a\r\n.\n', 'a\n.\r\n', 'a\r\n.\r\r\n'])(
  'behind %j, which ends the message, nothing is changed',
  (end) => {
    expect(normalized(`${end}BDAT 3\r\na\nb`)).toBe('a\r\n.\r\nBDAT 3\r\na\nb');
  },
);

test.each(['a\n..\nb\n', 'a\n.b\nc\n', 'a.\nb\n', 'a\n.\rb\nc\n', 'a\n\r.\nb\n'])(
  '%j does not end the message',
  (text) => {
    expect(normalized(text)).not.toMatch(/[^\r]\n/);
  },
);
