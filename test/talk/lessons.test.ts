import { expect, test } from 'vitest';
import { loadLessons } from '../../src/talk/lesson.ts';
import { mxlab, piped } from '../cli/mxlab.ts';

const lessons = await loadLessons();

test('there are lessons, each with a name of its own', () => {
  expect(lessons.length).toBeGreaterThanOrEqual(5);
  expect(new Set(lessons.map(({ name }) => name)).size).toBe(lessons.length);
});

for (const lesson of lessons) {
  test(`the examples of "${lesson.lesson}" lead to its end`, async () => {
    const lines = lesson.steps.flatMap(({ example }) => example);
    const { stdout, code } = await mxlab(['learn', lesson.name, '--score', '/dev/null'], {
      input: piped(lines),
    });
    for (const { then } of lesson.steps) if (then) expect(words(stdout)).toContain(words(then));
    expect(stdout).toContain('That was the lesson.');
    expect(words(stdout)).not.toContain(words(lesson.steps[0]?.hint ?? 'x'));
    expect(code).toBe(0);
  });

  test(`who is stuck in "${lesson.lesson}" gets a hint, then an example`, async () => {
    const { stdout } = await mxlab(['learn', lesson.name, '--score', '/dev/null'], {
      input: piped(['NONSENSE', 'NONSENSE']),
    });
    const [first] = lesson.steps;
    expect(words(stdout)).toContain(words(first?.hint ?? ''));
    expect(words(stdout)).toContain(words(`For example: ${first?.example.join('   ')}`));
    expect(stdout).not.toContain('That was the lesson.');
  });
}

/** Words without the line ends that a terminal's width makes. */
function words(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
