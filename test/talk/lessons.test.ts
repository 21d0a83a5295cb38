import { expect, test } from 'vitest';
import type { Stage } from '../../src/smtp/stage.ts';
import { isDone, type Lesson, type LessonStep, loadLessons } from '../../src/talk/lesson.ts';
import { LessonRun } from '../../src/talk/lesson-run.ts';
import { folderWith } from '../cli/mxlab.ts';
import { partnerOf, type Script, Typist, viewOf, wordsOf } from './script.ts';

const lessons = await loadLessons();

/** Goes through a lesson by a script. */
async function go(
  lesson: Lesson,
  script: Script,
): Promise<{ readonly words: string; readonly done: boolean }> {
  const [provider = '', situation] = lesson.host.split(':');
  const host = { provider, ...(situation === undefined ? {} : { situation: situation.split(',') }) };
  const partner = await partnerOf({ [`mx.${provider}.example`]: host });
  let text = '';
  const write = (piece: string): void => {
    text += piece;
  };
  const typed = new Typist(script, write, {});
  const done = await new LessonRun(lesson, partner, { view: await viewOf(write), typed }).run();
  return { words: wordsOf(text), done };
}

test('there are lessons, each with a name of its own', () => {
  expect(lessons.length).toBeGreaterThanOrEqual(8);
  expect(new Set(lessons.map(({ name }) => name)).size).toBe(lessons.length);
});

for (const lesson of lessons) {
  test(`the examples of "${lesson.lesson}" lead to its end, without a hint`, async () => {
    const { words, done } = await go(
      lesson,
      lesson.steps.flatMap(({ example }) => example),
    );
    expect(done).toBe(true);
    expect(words).toContain('That was the lesson.');
    for (const { say, then } of lesson.steps) {
      expect(words).toContain(wordsOf(say));
      if (then) expect(words).toContain(wordsOf(then));
    }
    const own = wordsOf(lesson.steps.flatMap(({ say, example }) => [say, ...example]).join(' '));
    for (const { hint } of lesson.steps) if (!own.includes(hint)) expect(words).not.toContain(wordsOf(hint));
  });

  test(`"${lesson.lesson}" can be skipped through`, async () => {
    expect(
      await go(
        lesson,
        lesson.steps.map(() => '/skip'),
      ),
    ).toMatchObject({ done: true });
  });
}

/** Lines that belong to no lesson, or to another step. */
function astray({ host }: Lesson): readonly string[] {
  const domain = `${host.split(':')[0]}.example`;
  return [
    'FRAB',
    'EHLO me.example.net',
    'MAIL FROM: me@example.net',
    'MAIL FROM:<me@example.net>',
    `RCPT TO:<bob@${domain}>`,
    `RCPT TO:bob@${domain}`,
    'VRFY bob',
  ];
}

for (const lesson of lessons) {
  test(`"${lesson.lesson}": whoever goes astray at any step is helped, and comes to its end`, async () => {
    const { words, done } = await go(
      lesson,
      lesson.steps.flatMap(() => [...astray(lesson), '.', '/skip']),
    );
    expect(done).toBe(true);
    expect(words).toMatch(/Look at your line: FRAB is no command of SMTP/);
    expect(words).toMatch(/This step (?:wants|ends)/);
  });
}

test('a yes where a no was to be found is told from what the step wants', async () => {
  const late = lessons.find(({ name }) => name === 'the-no-that-comes-late') as Lesson;
  const { words } = await go(late, [
    'EHLO me.example.net',
    'MAIL FROM:<me@example.net>',
    'RCPT TO:<alice@yahoo.example>',
    'DATA',
    '.',
    '/quit',
  ]);
  expect(words).toContain('This step wants 5 and any two digits in reply to the message.');
  expect(words).toContain('the recipient was another than nobody@yahoo.example');
});

const [first] = lessons as [Lesson];

test('in the middle of a message a lesson still helps', async () => {
  const steps = first.steps.slice(0, 4).map(() => '/skip');
  const { words, done } = await go(first, [...steps, 'Subject: x', '/hint', '', '/unknown', '.', '/skip']);
  expect(words).toContain(wordsOf(first.steps[4]?.hint ?? 'x'));
  expect(words).toContain('.. /unknown');
  expect(done).toBe(true);
});

test('who is stuck gets a hint, then an example; who leaves has not done the lesson', async () => {
  const { words, done } = await go(first, ['NONSENSE', 'NONSENSE', '/quit']);
  const [step] = first.steps;
  expect(words.split(wordsOf(step?.hint ?? 'x')).length - 1).toBe(2);
  expect(words).toContain('This step wants 250 in reply to EHLO.');
  expect(words).toContain(wordsOf(`For example: ${step?.example.join(' ')}`));
  expect(done).toBe(false);
});

test('a yes to another command does not do the step, nor does help', async () => {
  const { words } = await go(first, ['EHLO me.example.net', '/help', 'NOOP', '/hint', '/quit']);
  expect(words).toContain('2 of 6');
  expect(words).not.toContain('3 of 6');
});

test('where the host hangs up too early, what led there is repeated', async () => {
  const { words, done } = await go(first, [
    'EHLO me.example.net',
    '/wait 10m',
    ...first.steps.slice(1).flatMap(({ example }) => example),
  ]);
  expect(words).toContain('what led here is repeated');
  expect(done).toBe(true);
});

test('a step is done by the right code at the right stage', () => {
  const step: LessonStep = { say: 'x', hint: 'x', example: ['x'], until: '5xx', at: 'rcpt' };
  const got = (code: number, stage: Stage) =>
    ({ kind: 'reply', stage, elapsed: 0, reply: { code, lines: [''], raw: [`${code} `] } }) as const;
  expect(isDone(step, got(550, 'rcpt'), false)).toBe(true);
  expect(isDone(step, got(550, 'mail'), false)).toBe(false);
  expect(isDone(step, got(450, 'rcpt'), false)).toBe(false);
  expect(isDone(step, undefined, true)).toBe(false);
  expect(isDone({ ...step, until: 'closed' }, undefined, true)).toBe(true);
  expect(isDone({ ...step, until: '550 5.1.1' }, got(550, 'rcpt'), false)).toBe(false);
});

test('a mistake in a lesson is told with its place', async () => {
  const folder = folderWith({
    '01-wrong.yaml':
      'lesson: x\nabout: x\nhost: postfix\nsteps:\n  - { say: x, until: 999, hint: x, example: [x] }\n',
  });
  await expect(loadLessons(`${folder}/`)).rejects.toThrow(/01-wrong\.yaml:5:\d+.*\n?.*is not a reply/s);
});
