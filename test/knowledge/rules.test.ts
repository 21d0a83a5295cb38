import { describe, expect, test } from 'vitest';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { dangerOf } from '../../src/knowledge/pattern.ts';
import { exampleOf } from '../../src/knowledge/rulebook.ts';
import { reasons } from '../../src/knowledge/vocabulary.ts';
import { referenceReplies } from './reference.ts';

const { rules, explain } = await loadKnowledge();

describe.each(rules)('$place', (rule) => {
  test.each(rule.examples.map((example, n) => [n, example] as const))('wins its example %i', (_, example) => {
    const { reply, ...context } = exampleOf(example);
    // Also catches a rule that stands too high and swallows its neighbour's replies.
    expect(explain(reply, context).rule).toBe(rule.place);
  });

  test('names where its examples were seen', () => {
    const sources = rule.examples.map((example) =>
      typeof example === 'string' ? undefined : example.source,
    );
    expect(sources.every((source) => source !== undefined && source.length >= 3)).toBe(true);
  });
});

test('no two rules of a file have one name', () => {
  const places = rules.map(({ place }) => place);
  expect(places.filter((place, n) => places.indexOf(place) !== n)).toEqual([]);
});

test('rules of a provider are tried before general ones', () => {
  const firstGeneral = rules.findIndex(({ place }) => place.startsWith('rules/general/'));
  expect(firstGeneral).toBeGreaterThan(0);
  expect(rules.slice(firstGeneral).filter(({ place }) => place.startsWith('rules/provider/'))).toEqual([]);
});

test('every reason is explained by a rule or comes from a code', () => {
  const told = new Set(rules.map(({ reason }) => reason));
  expect(reasons.filter((reason) => !told.has(reason))).toEqual(['accept']);
});

test('every pattern of every rule is harmless', () => {
  const patterns = rules.flatMap(({ match }) => [match.text, match.unless, match.link].flat());
  const dangers = patterns
    .filter((source) => source !== undefined)
    .map((source) => [source, dangerOf(source)]);
  expect(dangers.length).toBeGreaterThan(300);
  expect(dangers.filter(([, danger]) => danger !== undefined)).toEqual([]);
});

test('no rule quotes a whole reply of the reference', async () => {
  const replies = await referenceReplies();
  const words = replies.map(({ lines }) =>
    lines.map((line) => line.slice(4).replace(/^\d\.\d+\.\d+ /, '')).join(' '),
  );
  const long = new Set(words.filter((text) => text.length > 60));
  const texts = rules.flatMap(({ match }) => [match.text ?? []].flat());
  expect(texts.filter((source) => long.has(source.replaceAll('\\', '')))).toEqual([]);
});
