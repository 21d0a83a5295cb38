import { expect, test } from 'vitest';
import { readWireText, writeWireText } from '../../src/transcript/wire-text.ts';

const utf8 = (text: string): string => Buffer.from(text).toString('latin1');

test.each([
  ['plain words', '250 2.1.0 Sender OK', '250 2.1.0 Sender OK'],
  ['UTF-8', utf8('550 boîte pleine 📪'), '550 boîte pleine 📪'],
  ['bytes that are no UTF-8', '550 bo\xeete', '550 bo\\xeete'],
  ['an escape sequence', '220 \x1b[2Jgone', '220 \\x1b[2Jgone'],
  ['a mark of direction', utf8('250 \u202egnp.exe'), '250 \\u202egnp.exe'],
  ['a C1 control in UTF-8', utf8('250 \u009b2J'), '250 \\u009b2J'],
  ['a backslash', 'RCPT TO:<"a\\"b"@example.net>', 'RCPT TO:<"a\\\\"b"@example.net>'],
  ['what looks like an escape', '250 \\x41', '250 \\\\x41'],
  ['NUL, tab and a bare CR', 'a\0b\tc\rd', 'a\\x00b\\x09c\\x0dd'],
])('%s: shown harmless, read back without loss', (_, bytes, text) => {
  expect(writeWireText(bytes)).toBe(text);
  expect(readWireText(text)).toBe(bytes);
});

test('every single byte survives, alone and beside a backslash', () => {
  for (let byte = 0; byte < 256; byte++) {
    for (const bytes of [String.fromCharCode(byte), `\\${String.fromCharCode(byte)}\\`]) {
      const text = writeWireText(bytes);
      expect(text).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
      expect(readWireText(text)).toBe(bytes);
    }
  }
});

test('short names that people type', () => {
  expect(readWireText('EHLO a\\r\\nMAIL\\t\\0')).toBe('EHLO a\r\nMAIL\t\0');
});
