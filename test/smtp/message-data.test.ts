import { expect, test } from 'vitest';
import { dotStuffed, withCrlf } from '../../src/smtp/message-data.ts';
import { toXtext } from '../../src/smtp/xtext.ts';

test('SYN-01 DAT-02 every line ends with CRLF, the last one too', () => {
  expect(withCrlf('a\nb\rc\r\nd\n\ne')).toBe('a\r\nb\r\nc\r\nd\r\n\r\ne\r\n');
  expect(withCrlf('a\r\n')).toBe('a\r\n');
  expect(withCrlf('')).toBe('');
  expect(withCrlf('\r\r\n\n')).toBe('\r\n\r\n\r\n');
});

test('DAT-01 dots at line starts are doubled, others are not', () => {
  expect(dotStuffed('.a\r\nb.\r\n..\r\n.\r\n')).toBe('..a\r\nb.\r\n...\r\n..\r\n.\r\n');
  expect(dotStuffed('.\n.\n.')).toBe('..\r\n..\r\n..\r\n.\r\n');
  expect(dotStuffed('a\u2028.b\u2029.c')).toBe('a\u2028.b\u2029.c\r\n.\r\n');
});

test('SES-09 an empty message is a lone dot', () => {
  expect(dotStuffed('')).toBe('.\r\n');
});

test('DAT-03 no way of writing line ends gets a lone dot through', () => {
  const ends = ['\r\n', '\n', '\r', '\n\r', '\r\r\n'];
  for (const before of ends) {
    for (const after of ends) {
      const wire = dotStuffed(`text${before}.${after}MAIL FROM:<x@y>`);
      expect(wire.indexOf('\r\n.\r\n')).toBe(wire.length - 5);
      expect(wire).not.toMatch(/[^\r]\n|\r[^\n]/);
    }
  }
});

test('EXT-09 AUT-11 xtext', () => {
  expect(toXtext('ada@example.net')).toBe('ada@example.net');
  expect(toXtext('a+b=c d\r\n')).toBe('a+2Bb+3Dc+20d+0D+0A');
  expect(toXtext('é')).toBe('+C3+A9');
});
