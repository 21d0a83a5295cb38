import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { parseDocument } from '../../src/datafile/document.ts';
import { issueAt } from '../../src/datafile/positions.ts';
import { renderIssue } from '../../src/datafile/render-issue.ts';
import { sampleSchema } from './sample-schema.ts';

function read<T>(text: string, schema: z.ZodType<T>) {
  const parsed = parseDocument({ file: 'a.yaml', text }, schema);
  if ('issues' in parsed)
    throw new Error(parsed.issues.map((issue) => renderIssue(issue, { text })).join('\n'));
  return parsed;
}

function messages(text: string, schema: z.ZodType): string[] {
  const parsed = parseDocument({ file: 'a.yaml', text }, schema);
  return 'issues' in parsed
    ? parsed.issues.map(
        ({ line, column, message, hint }) => `${line}:${column} ${message}${hint ? `; ${hint}` : ''}`,
      )
    : [];
}

describe('a file without mistakes', () => {
  test('gives the value as its schema makes it', () => {
    const text = 'window: 1h30m\ntags: [a, "1"]\nsteps:\n  - rcpt: ada\n    expect: 450 4.7.1\n  - quit\n';
    expect(read(text, sampleSchema).value).toEqual({
      window: 5_400_000,
      tags: ['a', '1'],
      steps: [{ rcpt: 'ada', expect: '450 4.7.1' }, 'quit'],
    });
  });

  test('is read as YAML 1.2: yes and on are text, 0o17 is a number, keys are text', () => {
    const value = read('a: [yes, on, 0o17, 1_0, 12:30, ~, .inf]\n250: x\ntrue: y\n', z.unknown()).value;
    expect(value).toEqual({
      a: ['yes', 'on', 15, '1_0', '12:30', null, Number.POSITIVE_INFINITY],
      250: 'x',
      true: 'y',
    });
  });

  test('may use anchors and aliases', () => {
    const value = read('a: &list [1, 2]\nb: *list\nc: &list 3\nd: *list\n', z.unknown()).value;
    expect(value).toEqual({ a: [1, 2], b: [1, 2], c: 3, d: 3 });
  });

  test('may begin with %YAML 1.2 and hold block texts, comments and CRLF', () => {
    const text = '%YAML 1.2\r\n---\r\n# note\r\na: |\r\n  one\r\n  two\r\nb: >-\r\n  three\r\n  four\r\n';
    expect(read(text, z.unknown()).value).toEqual({ a: 'one\ntwo\n', b: 'three four' });
  });

  test('may be nested 90 levels and have names that objects have by nature', () => {
    const deep = `${'['.repeat(90)}${']'.repeat(90)}`;
    const { value } = read(`constructor: 1\ntoString: ${deep}\n`, z.record(z.string(), z.unknown()));
    expect(Object.keys(value)).toEqual(['constructor', 'toString']);
  });
});

describe('where a value stands', () => {
  const text =
    'hosts:\n  mx: { provider: gmail }\nsteps:\n  - rcpt: ada\n    expect: [250, 251]\n  - wait: 5m\nempty:\n';
  const { at } = read(text, z.unknown());

  test.each([
    ['a value', ['steps', 0, 'rcpt'], 'value', { line: 4, column: 11, length: 3 }],
    ['its key', ['steps', 0, 'rcpt'], 'key', { line: 4, column: 5, length: 4 }],
    ['a value inside { }', ['hosts', 'mx', 'provider'], 'value', { line: 2, column: 19, length: 5 }],
    ['an entry of [ ]', ['steps', 0, 'expect', 1], 'value', { line: 5, column: 19, length: 3 }],
    ['a whole { }', ['hosts', 'mx'], 'value', { line: 2, column: 7, length: 19 }],
    ['a block, by its first entry', ['steps', 1], 'value', { line: 6, column: 5, length: 8 }],
    ['an entry of a list, which has no key', ['steps', 1], 'key', { line: 6, column: 5, length: 8 }],
    ['an empty value, by its key', ['empty'], 'value', { line: 7, column: 1, length: 5 }],
    [
      'what is not there, by what is around it',
      ['steps', 0, 'text', 'more'],
      'value',
      { line: 4, column: 5, length: 9 },
    ],
    [
      'what is not there, by the key in front of it',
      ['hosts', 'mx', 'limit'],
      'value',
      { line: 2, column: 3, length: 2 },
    ],
    ['an index beyond the end', ['steps', 7], 'value', { line: 3, column: 1, length: 5 }],
    ['the whole file, by its first line', [], 'value', { line: 1, column: 1, length: 6 }],
  ] as const)('%s', (_what, path, on, position) => {
    expect(at(path, on)).toEqual(position);
  });

  test('a value behind an alias stands at the anchor, the alias itself where it is', () => {
    const { at: find } = read('a: &x { b: 1 }\nc: *x\n', z.unknown());
    expect(find(['c', 'b'])).toEqual({ line: 1, column: 12, length: 1 });
    expect(find(['c'])).toEqual({ line: 2, column: 4, length: 2 });
  });

  test('a later check can make an issue there', () => {
    const issue = issueAt(
      { file: 'a.yaml', text },
      at,
      ['hosts', 'mx', 'provider'],
      'is not a provider',
      'did you mean gmail?',
    );
    expect(issue).toEqual({
      file: 'a.yaml',
      line: 2,
      column: 19,
      length: 5,
      message: 'is not a provider',
      hint: 'did you mean gmail?',
    });
  });
});

describe("a schema's own words", () => {
  test('are shown as they are, with the hint from params', () => {
    const schema = z.strictObject({
      a: z
        .string('has to be a name')
        .refine((name) => name !== 'root', { error: 'is nobody here', params: { hint: 'try ada' } }),
      b: z.string('has to be a name'),
    });
    expect(messages('a: root\nb: 5\n', schema)).toEqual([
      '1:4 is nobody here; try ada',
      '2:4 has to be a name',
    ]);
  });

  test('about a key that is missing stand at the mapping', () => {
    const schema = z.strictObject({
      a: z.object({ x: z.string().optional(), y: z.string().optional() }).check((context) => {
        if (context.value.x === undefined)
          context.issues.push({
            code: 'custom',
            message: 'needs x as well',
            path: ['x'],
            input: context.value,
          });
      }),
    });
    expect(messages('a:\n  y: 1x\n', schema)).toEqual(['1:1 needs x as well']);
  });
});

describe('a union', () => {
  const schema = z.array(
    z.union([z.literal(['closed', 'reset']), z.array(z.int()), z.strictObject({ reply: z.string() })]),
  );

  test('names all that would do when the kind is wrong', () => {
    expect(messages('- 5', schema)).toEqual([
      '1:3 is a number, but a list, a mapping or one of: closed, reset was expected',
    ]);
  });

  test('suggests one of its values', () => {
    expect(messages('- clsed', schema)).toEqual([
      '1:3 must be a list, a mapping or one of: closed, reset; did you mean closed?',
    ]);
  });

  test('reports what is wrong inside the option that was meant', () => {
    expect(messages('- [1, x]\n- { reply: 5 }\n- { repyl: a }', schema)).toEqual([
      '1:7 is text, but a number was expected',
      '2:12 is a number, but text was expected; put it in quotes to make it text',
      '3:5 is not a key here; known keys: reply; did you mean reply?',
    ]);
  });
});

describe('files that are meant to do harm get an answer all the same', () => {
  const filled = (part: string, size = 1024 * 1024): string => part.repeat(Math.floor(size / part.length));
  const bomb = Array.from(
    { length: 40 },
    (_, i) => `b${i}: &a${i + 1} [${Array(10).fill(`*a${i}`).join(', ')}]`,
  );

  test.each([
    [
      'an alias bomb',
      ['a: &a0 [x]', ...bomb].join('\n'),
      /^5:\d+ makes this file's aliases stand for more than 10000 values$/,
    ],
    ['a million brackets', filled('['), /^1:101 is nested more than 100 levels deep$/],
    ['a million dashes', filled('- '), /^1:201 is nested more than 100 levels deep$/],
    ['nested keys', filled('{a: '), /^1:401 is nested more than 100 levels deep$/],
    [
      '100,000 keys',
      Array.from({ length: 100_000 }, (_, i) => `k${i}: 1`).join('\n'),
      /^57143:\d+ is where this file becomes too long to read; split it into several$/,
    ],
    [
      '60,000 values',
      `- ${Array.from({ length: 60 }, () => `[${filled('1,', 2000)}]`).join('\n- ')}`,
      /is more than the 50000 values that a file may hold$/,
    ],
    ['a million line ends', filled('\n'), /too long to read|is an empty file/],
    [
      'a million commas',
      `[${filled(',')}`,
      /^1:\d+ is where this file becomes too long to read; split it into several$/,
    ],
  ])('%s: one clear error', (_what, text, expected) => {
    const found = messages(text, z.unknown());
    expect(found).toHaveLength(1);
    expect(found[0]).toMatch(expected);
  });

  test.each([
    ['commas', `[${filled(',', 200_000)}`],
    ['unescaped escapes', `"${filled('\\x')}"`],
    ['closing brackets', filled(']\n')],
    ['wrong entries', `tags: [${filled('1,', 60_000)}]`],
    ['unknown keys', Array.from({ length: 20_000 }, (_, i) => `k${i}: 1`).join('\n')],
  ])('countless %s: a hundred mistakes, and that there are more', (_what, text) => {
    const found = messages(text, sampleSchema);
    expect(found).toHaveLength(101);
    expect(found[100]).toBe('1:1 has more mistakes than the 100 shown');
  });

  test('an entry that fits none of many options, 40,000 times', () => {
    const options = Array.from({ length: 30 }, (_, i) => z.strictObject({ [`verb${i}`]: z.string() }));
    const found = messages(`[${filled('1,', 80_000)}]`, z.array(z.union(options)));
    expect(found).toEqual(['1:1 begins a file with more mistakes than can be told']);
  });
});
