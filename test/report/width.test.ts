import stringWidth from 'string-width';
import { expect, test } from 'vitest';
import { cutTo, dropColumns, padTo, takeColumns, wrap } from '../../src/report/width.ts';
import { columnsOf } from '../../src/text/columns.ts';

const wide = '漢字 and 📪👩‍👩‍👧 and e\u0301';

test('wrapping keeps words together where it can, and the blanks in front', () => {
  expect(wrap('one two three four', 16)).toEqual(['one two three', 'four']);
  expect(wrap('  indented', 80)).toEqual(['  indented']);
  expect(wrap(`  ${'word '.repeat(6)}`.trimEnd(), 16)).toEqual(['  word word word', 'word word word']);
  expect(wrap('x'.repeat(40), 16)).toEqual(['x'.repeat(16), 'x'.repeat(16), 'x'.repeat(8)]);
  expect(wrap('', 16)).toEqual(['']);
});

test.each([16, 17, 18, 19, 20])('wrapped to %d columns, wide characters stay whole', (width) => {
  const text = `${wide} ${wide} ${'漢'.repeat(30)}`;
  const lines = wrap(text, width);
  expect(lines.every((line) => stringWidth(line) <= width)).toBe(true);
  expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', '').normalize());
});

test('cutting', () => {
  expect(cutTo('short', 5, '…')).toBe('short');
  expect(cutTo('longer', 5, '…')).toBe('long…');
  expect(cutTo('longer', 5, '...')).toBe('lo...');
  expect(cutTo('漢字漢字', 6, '…')).toBe('漢字…');
  for (let width = 1; width < 20; width++)
    expect(stringWidth(cutTo(wide, width, '…'))).toBeLessThanOrEqual(width);
});

test('taking and dropping meet in the middle', () => {
  for (let width = 0; width <= stringWidth(wide); width++) {
    const [left, right] = [takeColumns(wide, width), dropColumns(wide, width)];
    expect(stringWidth(left)).toBeLessThanOrEqual(width);
    expect(stringWidth(right)).toBe(stringWidth(wide) - width);
    expect(wide.startsWith(left) && wide.endsWith(right.trimStart())).toBe(true);
  }
});

test('padding counts columns', () => {
  expect(stringWidth(padTo('漢', 6))).toBe(6);
  expect(padTo('too long', 3)).toBe('too long');
});

test('columns are counted as a library that does nothing else counts them', () => {
  const texts = [
    wide,
    'plain',
    '',
    'ＡＢＣ ｱｲｳ',
    'e\u0301\u0302 and \u200b and \u00ad',
    '👍🏽 🇳🇴 ☎️ ☎ 1️⃣ ❤️‍🔥 🏴󠁧󠁢󠁳󠁣󠁴󠁿',
    '한국어 ภาษาไทย हिन्दी',
    '\u001b[31mred\u001b[39m and \u001b[1mstrong\u001b[22m 漢',
    '✓ ✗ … │ ─ ≠ ⠋',
  ];
  for (const text of texts) expect(columnsOf(text), text).toBe(stringWidth(text));
});
