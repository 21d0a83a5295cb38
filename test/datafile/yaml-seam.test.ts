import { expect, test } from 'vitest';
import { Composer, Lexer, Parser } from 'yaml';

// What src/datafile/yaml-tree.ts assumes of the yaml package beyond what it documents.

test('a composer tells its mistakes to the property onError, and stops when that throws', () => {
  const composer = new Composer();
  expect(Object.hasOwn(composer, 'onError')).toBe(true);
  let told = 0;
  Reflect.set(composer, 'onError', () => {
    told++;
    throw new Error('enough');
  });
  expect(() => [...composer.compose(new Parser().parse('[[,,,,,,,,]]'), true, 12)]).toThrow('enough');
  expect(told).toBeLessThan(6);
});

test("a parser's stack is as high as its text is nested, and its offset is where the next lexeme stands", () => {
  const parser = new Parser();
  let highest = 0;
  const offsets: number[] = [];
  for (const lexeme of new Lexer().lex('[[[1]]]\n')) {
    if (lexeme === '[') offsets.push(parser.offset);
    for (const _ of parser.next(lexeme));
    highest = Math.max(highest, parser.stack.length);
  }
  expect(highest).toBeGreaterThanOrEqual(4);
  expect(highest).toBeLessThanOrEqual(5);
  expect(offsets).toEqual([0, 1, 2]);
});

test('the lexer gives a quoted text as one lexeme, and says when brackets end without their partner', () => {
  expect([...new Lexer().lex('a: "b c\nd: 1')]).toContain('"b c\nd: 1');
  expect([...new Lexer().lex('a: [b\nc: 1\n')]).toContain('\x18');
});
