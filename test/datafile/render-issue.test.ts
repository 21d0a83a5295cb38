import { describe, expect, test } from 'vitest';
import { fileIssue, issueInText } from '../../src/datafile/issue.ts';
import { renderIssue } from '../../src/datafile/render-issue.ts';
import { LineIndex } from '../../src/datafile/source.ts';

function shown(text: string, marked: string, hint?: string): string {
  const source = { file: 'profile.yaml', text };
  const start = text.indexOf(marked);
  const position = new LineIndex(text).position(start, start + marked.length);
  return renderIssue(issueInText(source, position, 'is wrong', hint), source);
}

/** The caret line's marked columns, as [first, count]. */
function caret(rendered: string): [number, number] {
  const line = rendered.split('\n').find((one) => one.includes('^')) ?? '';
  return [line.indexOf('^'), line.split('^').length - 1];
}

describe('an issue as a person reads it', () => {
  test('shows file, line and column, the line and a caret', () => {
    expect(shown('window: soon\n', 'soon')).toBe(
      ['profile.yaml:1:9', '  |', '1 | window: soon', '  |         ^^^^ is wrong'].join('\n'),
    );
  });

  test('puts the hint below', () => {
    expect(shown('windoww: 5m', 'windoww', 'did you mean window?').split('\n').at(-1)).toBe(
      '  = did you mean window?',
    );
  });

  test('keeps the margin straight for line numbers of two digits', () => {
    const text = `${'a: 1\n'.repeat(11)}b: soon\n`;
    expect(shown(text, 'soon').split('\n')).toEqual([
      'profile.yaml:12:4',
      '   |',
      '12 | b: soon',
      '   |    ^^^^ is wrong',
    ]);
  });

  test('marks only the first line of what spans several', () => {
    expect(caret(shown('a: [1,\n  2]\n', '[1,\n  2]'))).toEqual([7, 3]);
  });

  test('leaves the CR of a CRLF file out of the mark', () => {
    expect(caret(shown('a: [1,\r\n  2]\r\n', '[1,\r\n  2]'))).toEqual([7, 3]);
  });

  test.each([
    ['two columns for wide characters', 'a: 日本 soon', 'soon', 12, 4],
    ['two columns for an emoji', 'a: 📮 soon', 'soon', 10, 4],
    ['none for a combining accent', 'a: e\u0301 soon', 'soon', 9, 4],
    ['two for a tab', 'a:\tsoon', 'soon', 8, 4],
    ['four for an escaped control character', 'a: \x1b soon', 'soon', 12, 4],
    ['a mark as wide as wide text', 'a: 日本', '日本', 7, 4],
  ])('counts %s', (_what, text, marked, column, count) => {
    // Columns of the terminal, not characters: the shown line has the same width in front of the mark.
    const [at, length] = caret(shown(text, marked));
    expect([at, length]).toEqual([column, count]);
  });

  test('lets no control character of the file, its name, the message or the hint through', () => {
    const source = { file: 'a\x1b[2J.yaml', text: 'a: \x1b]0;title\x07 \u202e\x9b31m soon' };
    const issue = {
      file: source.file,
      line: 1,
      column: 1,
      length: 1,
      message: 'bad \x1b[0m',
      hint: 'try \x07',
    };
    const rendered = renderIssue(issue, source);
    expect(rendered).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/);
    expect(rendered).toContain('a\\x1b[2J.yaml');
    expect(renderIssue({ ...issue, length: 0 })).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  });

  test('cuts a line of a million characters around the mark', () => {
    const text = `a: ${'x'.repeat(500_000)} soon ${'日'.repeat(500_000)}`;
    const rendered = shown(text, 'soon');
    const [, , line = ''] = rendered.split('\n');
    expect(line.length).toBeLessThan(120);
    expect(line).toMatch(/^1 \| …x+ soon 日+…$/);
    expect(line.indexOf('soon')).toBe(caret(rendered)[0]);
  });

  test('cuts no surrogate pair in two', () => {
    const text = `a: ${'📮'.repeat(300)} soon ${'📮'.repeat(300)}`;
    expect(shown(text, 'soon')).not.toMatch(/\p{Surrogate}/u);
  });

  test('speaks of the whole file in one line', () => {
    expect(renderIssue(fileIssue('big.yaml', 'is too large', 'split it'), { text: 'a' })).toBe(
      'big.yaml: is too large; split it',
    );
  });

  test('without a source names the place in one line', () => {
    const issue = { file: 'a.yaml', line: 3, column: 5, length: 2, message: 'is wrong' };
    expect(renderIssue(issue)).toBe('a.yaml:3:5: is wrong');
  });

  test('shows an empty line for a place behind the end', () => {
    const issue = { file: 'a.yaml', line: 9, column: 1, length: 1, message: 'is missing' };
    expect(renderIssue(issue, { text: 'a: 1\n' }).split('\n').slice(2)).toEqual(['9 |', '  | ^ is missing']);
  });
});
