import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { seededRandom } from '../../src/chance/seeded-random.ts';
import { loadKnowledge } from '../../src/knowledge/knowledge.ts';
import { questions } from '../../src/talk/quiz.ts';
import { mxlab, piped } from '../cli/mxlab.ts';

const knowledge = await loadKnowledge();

function take(seed: string, count: number) {
  const source = questions(knowledge, seededRandom(seed));
  return Array.from({ length: count }, () => source.next().value);
}

test('every question has one right choice among different ones, and a ground', () => {
  for (const { asks, choices, right, because } of take('many', 2_000)) {
    expect(asks).not.toBe('');
    expect(because).not.toBe('');
    expect(new Set(choices).size).toBe(choices.length);
    expect(choices.length).toBe(4);
    expect(choices[right]).toBeDefined();
  }
});

test('the right choice stands at every place, and questions differ', () => {
  const all = take('spread', 400);
  expect(new Set(all.map(({ right }) => right))).toEqual(new Set([0, 1, 2, 3]));
  expect(new Set(all.map(({ asks }) => asks)).size).toBeGreaterThan(150);
});

test('a seed gives the same questions', () => {
  expect(take('same', 20)).toEqual(take('same', 20));
  expect(take('same', 20)).not.toEqual(take('other', 20));
});

test('the score is kept from one quiz to the next', async () => {
  const score = join(mkdtempSync(join(tmpdir(), 'mxlab-score-')), 'deep', 'learn.json');
  const answers = take('7', 3).map(({ right }) => `${right + 1}`);
  const args = ['learn', 'quiz', '--seed', '7', '--questions', '3', '--score', score];
  const first = await mxlab(args, { input: piped(answers) });
  expect(first.stdout).toContain('3 of 3 right. In all 3 of 3.');
  const wrong = take('7', 3).map(({ right }) => `${((right + 1) % 4) + 1}`);
  const second = await mxlab(args, { input: piped(['nonsense', '9', ...wrong]) });
  expect(second.stdout).toContain('A number from 1 to 4; q ends it.');
  expect(second.stdout).toContain('0 of 3 right. In all 3 of 6.');
  expect(JSON.parse(readFileSync(score, 'utf8'))).toEqual({ lessons: [], asked: 6, right: 3 });
});
